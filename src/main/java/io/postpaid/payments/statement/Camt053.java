package io.postpaid.payments.statement;

import static io.postpaid.payments.statement.XmlElement.firstOf;

import java.io.InputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Statements of ISO 20022, camt.053 of any version: what is read of them has had the same names in all. Entry by entry, so that
 * memory holds one of them.
 */
final class Camt053 {
    /** Sub-families of the bank's own transaction codes for what it takes for itself. */
    private static final Set<String> CHARGES = Set.of("CHRG", "COMM", "FEES");

    private static final Set<String> NO_REFERENCE = Set.of("NOTPROVIDED", "NONREF", "NOT PROVIDED");

    private String account = "";
    private String number = "";
    private String currency = "";
    private @Nullable BigDecimal opening;
    private @Nullable BigDecimal previous;
    private @Nullable BigDecimal closing;
    private final List<StatementLine> lines = new ArrayList<>();

    private Camt053() {}

    static List<BankStatement> read(InputStream file) {
        var factory = XMLInputFactory.newDefaultFactory();
        // No entity is ever resolved: a file with a document type is refused.
        factory.setProperty("jdk.xml.dtd.support", "deny");
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        try {
            var xml = factory.createXMLStreamReader(file);
            enter(xml, "Document");
            enter(xml, "BkToCstmrStmt");
            var statements = new ArrayList<BankStatement>();
            while (xml.hasNext()) {
                if (xml.next() != XMLStreamConstants.START_ELEMENT) continue;
                if (xml.getLocalName().equals("Stmt")) statements.add(new Camt053().statement(xml));
                else XmlElement.read(xml);
            }
            return statements;
        } catch (XMLStreamException e) {
            throw new IllegalArgumentException(
                    "it is not XML that can be read: " + BankStatement.shown(String.valueOf(e.getMessage())), e);
        }
    }

    private static void enter(XMLStreamReader xml, String name) throws XMLStreamException {
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) continue;
            if (xml.getLocalName().equals(name)) return;
            throw new IllegalArgumentException("it is not camt.053: <" + BankStatement.shown(xml.getLocalName())
                    + "> stands where <" + name + "> should");
        }
    }

    private BankStatement statement(XMLStreamReader xml) throws XMLStreamException {
        while (xml.next() != XMLStreamConstants.END_ELEMENT) {
            if (!xml.isStartElement()) continue;
            var part = XmlElement.read(xml);
            switch (part.name()) {
                case "Id" -> number = part.text();
                case "Acct" -> account(part);
                case "Bal" -> balance(part);
                case "Ntry" -> entry(part);
                default -> {}
            }
        }
        return new BankStatement(account, number, currency, opening == null ? previous : opening, closing, lines);
    }

    private void account(XmlElement of) {
        account = firstOf(of.at("Id", "IBAN").text(), of.at("Id", "Othr", "Id").text());
        if (currency.isEmpty()) currency = of.at("Ccy").text();
    }

    private void balance(XmlElement of) {
        switch (of.at("Tp", "CdOrPrtry", "Cd").text()) {
            case "OPBD" -> opening = signed(of);
            case "PRCD" -> previous = signed(of);
            case "CLBD" -> closing = signed(of);
            default -> {}
        }
    }

    /** An amount of the account's currency, below zero where it is a debit. */
    private BigDecimal signed(XmlElement of) {
        var amount = of.at("Amt");
        if (currency.isEmpty()) currency = amount.currency();
        if (!amount.currency().equals(currency)) {
            throw new IllegalArgumentException("an amount of the account in " + BankStatement.shown(currency)
                    + " is in '" + BankStatement.shown(amount.currency()) + "'");
        }
        var value = Field.amount(amount.text());
        return isCredit(of) ? value : value.negate();
    }

    private static boolean isCredit(XmlElement of) {
        return switch (of.at("CdtDbtInd").text()) {
            case "CRDT" -> true;
            case "DBIT" -> false;
            default -> throw new IllegalArgumentException("an amount is neither a credit (CRDT) nor a debit (DBIT)");
        };
    }

    private void entry(XmlElement entry) {
        var status = firstOf(entry.at("Sts", "Cd").text(), entry.at("Sts").text());
        // What is pending, or told only, has not moved the balance.
        if (!status.isEmpty() && !status.equals("BOOK")) return;
        var amount = signed(entry);
        var details = entry.all("NtryDtls").stream()
                .flatMap(some -> some.all("TxDtls").stream())
                .toList();
        var parts = parts(entry, details);
        var sum = parts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        if (details.size() > 1 && parts.size() == details.size() && sum.compareTo(amount) == 0) {
            for (int i = 0; i < parts.size(); i++) add(entry, List.of(details.get(i)), parts.get(i));
        } else {
            add(entry, details, amount);
        }
    }

    /** What each transaction of an entry is of it; some are left out where the bank does not say it. */
    private List<BigDecimal> parts(XmlElement entry, List<XmlElement> details) {
        var parts = new ArrayList<BigDecimal>();
        for (var detail : details) {
            var amount = detail.at("Amt").text().isEmpty() ? detail.at("AmtDtls", "TxAmt", "Amt") : detail.at("Amt");
            if (amount.text().isEmpty() || !amount.currency().equals(currency)) continue;
            var value = Field.amount(amount.text());
            boolean credit = detail.at("CdtDbtInd").text().isEmpty() ? isCredit(entry) : isCredit(detail);
            parts.add(credit ? value : value.negate());
        }
        return parts;
    }

    private void add(XmlElement entry, List<XmlElement> details, BigDecimal amount) {
        if (amount.signum() == 0) return;
        var valued = day(entry.at("ValDt"));
        var booked = day(entry.at("BookgDt"));
        if (booked == null) booked = valued;
        if (booked == null) throw new IllegalArgumentException("a line of " + amount.toPlainString() + " has no day");
        var side = amount.signum() > 0 ? "Dbtr" : "Cdtr";
        lines.add(new StatementLine(
                booked,
                valued == null ? booked : valued,
                amount,
                joined(details.stream().map(detail -> name(detail.at("RltdPties", side)))),
                joined(Stream.concat(
                        details.stream().flatMap(Camt053::texts),
                        Stream.of(entry.at("AddtlNtryInf").text()))),
                joined(details.stream().map(detail -> reference(detail.at("Refs", "EndToEndId")))),
                firstOf(
                        details.size() == 1 ? reference(details.getFirst().at("Refs", "AcctSvcrRef")) : "",
                        reference(entry.at("AcctSvcrRef"))),
                isCharge(entry, details)));
    }

    private static boolean isCharge(XmlElement entry, List<XmlElement> details) {
        return Stream.concat(Stream.of(entry), details.stream())
                .map(of -> of.at("BkTxCd", "Domn", "Fmly", "SubFmlyCd").text())
                .anyMatch(CHARGES::contains);
    }

    private static Stream<String> texts(XmlElement detail) {
        return Stream.of(
                        detail.at("RmtInf").all("Ustrd").stream().map(XmlElement::text),
                        detail.at("RmtInf").all("Strd").stream()
                                .flatMap(one -> Stream.of(
                                        one.at("CdtrRefInf", "Ref").text(),
                                        one.at("RfrdDocInf", "Nb").text())),
                        Stream.of(detail.at("AddtlTxInf").text()))
                .flatMap(some -> some);
    }

    /** Since version 8 a party is a person or an agent. */
    private static String name(XmlElement party) {
        return firstOf(party.at("Nm").text(), party.at("Pty", "Nm").text());
    }

    private static String reference(XmlElement of) {
        return NO_REFERENCE.contains(of.text()) ? "" : of.text();
    }

    private static String joined(Stream<String> texts) {
        return texts.filter(text -> !text.isEmpty()).collect(Collectors.joining(" "));
    }

    private static @Nullable LocalDate day(XmlElement of) {
        var text = firstOf(of.at("Dt").text(), of.at("DtTm").text());
        if (text.isEmpty()) return null;
        return Field.day(text.substring(0, Math.min(10, text.length())), DateTimeFormatter.ISO_LOCAL_DATE);
    }
}
