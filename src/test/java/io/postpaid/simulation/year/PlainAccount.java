package io.postpaid.simulation.year;

import static java.math.BigDecimal.ZERO;
import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsLast;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One customer's year, calculated as a bookkeeper would who has the usage, the prices and the events, and no program. */
final class PlainAccount {
    private static final BigDecimal LEAST_CHARGE = new BigDecimal("0.50");
    private static final BigDecimal FEE_RATE = new BigDecimal("0.029");
    private static final BigDecimal FEE = new BigDecimal("0.30");
    private static final BigDecimal DISPUTE_FEE = new BigDecimal("15.00");

    /** @param kind in the order in which they are used up: FREE, PROMO, GOODWILL, TOP_UP */
    static final class Grant {
        final String kind;
        final @Nullable LocalDate expires;
        BigDecimal left;

        Grant(String kind, BigDecimal left, @Nullable LocalDate expires) {
            this.kind = kind;
            this.left = left;
            this.expires = expires;
        }
    }

    /** Usage that has arrived. */
    record Use(YearMonth billed, LocalDate day, String product, BigDecimal quantity) {}

    private static final class Month {
        final TreeMap<PlainPrices.Line, BigDecimal> lines = new TreeMap<>();
        BigDecimal drawn = ZERO;
        BigDecimal accrued = ZERO;
    }

    private static final List<String> KINDS = List.of("FREE", "PROMO", "GOODWILL", "TOP_UP");
    private static final Comparator<Grant> ORDER = comparing((Grant grant) -> grant.expires, nullsLast(naturalOrder()))
            .thenComparing(grant -> KINDS.indexOf(grant.kind));

    final Customer who;
    String card;
    final List<PlainBill> bills = new ArrayList<>();
    final List<Use> arrived = new ArrayList<>();
    final List<Grant> grants = new ArrayList<>();
    private final Map<YearMonth, Month> months = new HashMap<>();
    private final Map<YearMonth, BigDecimal> words = new HashMap<>();
    private final PlainBooks books;
    private BigDecimal balance = ZERO;
    private BigDecimal carried = ZERO;
    BigDecimal owed = ZERO;

    PlainAccount(Customer who, PlainBooks books) {
        this.who = who;
        this.card = who.card();
        this.books = books;
        var free = new BigDecimal(who.free());
        if (free.signum() > 0) grants.add(new Grant("FREE", free, null));
    }

    void move(LocalDate day, String debit, String credit, BigDecimal amount) {
        books.move(YearMonth.from(day), who.currency(), debit, credit, amount);
    }

    // ---- usage

    /** Rates what was used before a day, unless it has no price yet, and has it covered by credit. */
    void rate(LocalDate day, boolean videoHasPrice) {
        var now = arrived.stream()
                .filter(use -> use.day().isBefore(day))
                .filter(use -> videoHasPrice || !use.product().equals(PlainPrices.VIDEO))
                .sorted(comparing(Use::billed)
                        .thenComparing(use -> YearMonth.from(use.day()))
                        .thenComparing(Use::day))
                .toList();
        arrived.removeAll(now);
        now.forEach(this::rate);
    }

    private void rate(Use use) {
        var month = months.computeIfAbsent(use.billed(), none -> new Month());
        var before = ZERO;
        if (use.product().equals("text")) {
            before = words.getOrDefault(YearMonth.from(use.day()), ZERO);
            words.put(YearMonth.from(use.day()), before.add(use.quantity()));
        }
        var open = ZERO;
        for (var part : PlainPrices.parts(who.currency(), use.product(), use.day(), before, use.quantity())) {
            month.lines.merge(part.line(), part.quantity(), BigDecimal::add);
            var cost = part.line().exact(part.quantity());
            books.move(use.billed(), who.currency(), "UNBILLED_RECEIVABLES", "REVENUE " + use.product(), cost);
            open = open.add(cost);
        }
        grants.sort(ORDER);
        for (var grant : grants) {
            if (open.signum() <= 0) break;
            if (grant.expires != null && !use.day().isBefore(grant.expires)) continue;
            var drawn = open.min(grant.left);
            grant.left = grant.left.subtract(drawn);
            open = open.subtract(drawn);
            month.drawn = month.drawn.add(drawn);
            var from = grant.kind.equals("TOP_UP") ? "DEFERRED_CREDIT" : "PROMOTIONAL_CREDIT";
            books.move(use.billed(), who.currency(), from, "UNBILLED_RECEIVABLES", drawn);
        }
        month.accrued = month.accrued.add(open);
    }

    /** What expires by a day; given credit that nobody used was never anything. */
    void expire(LocalDate day) {
        for (var grant : grants) {
            if (grant.expires == null || grant.expires.isAfter(day)) continue;
            if (grant.kind.equals("TOP_UP")) move(day, "DEFERRED_CREDIT", "BREAKAGE", grant.left);
            grant.left = ZERO;
        }
    }

    /** Credit that somebody else takes the money for is bought, too. */
    void given(String kind, BigDecimal amount, LocalDate expires, LocalDate day) {
        grants.add(new Grant(kind, amount, expires));
        if (kind.equals("TOP_UP")) move(day, "BANK", "DEFERRED_CREDIT", amount);
    }

    // ---- invoices

    /** Issues what a month came to, and charges the card. */
    @Nullable
    PlainBill issue(YearMonth period, LocalDate day) {
        var month = months.remove(period);
        if (month == null) return null;
        var bill = new PlainBill(who, period, month.lines, month.drawn, month.accrued);
        move(day, "RECEIVABLES", "UNBILLED_RECEIVABLES", bill.exact);
        move(day, "RECEIVABLES", "ROUNDING", bill.net().subtract(bill.exact));
        bill.taxes.forEach((tax, two) -> move(day, "RECEIVABLES", "TAX_PAYABLE " + tax, two[1]));
        var gross = bill.total().add(carried);
        var fromBalance = gross.signum() < 0 ? gross : gross.min(balance);
        move(day, "CUSTOMER_BALANCES", "RECEIVABLES", fromBalance);
        balance = balance.subtract(fromBalance);
        var rest = gross.subtract(fromBalance);
        carried = rest.compareTo(LEAST_CHARGE) < 0 ? rest : ZERO;
        bill.due = rest.subtract(carried);
        bill.open = bill.due;
        bills.add(bill);
        return bill;
    }

    @Nullable
    PlainBill bill(YearMonth period) {
        return bills.stream()
                .filter(bill -> bill.period.equals(period))
                .findFirst()
                .orElse(null);
    }

    /** @return what the card was charged for the invoice */
    BigDecimal charge(PlainBill bill, LocalDate day) {
        if (bill.open.signum() == 0 || !pays()) return ZERO;
        var amount = bill.open;
        move(day, "PROVIDER_CLEARING", "RECEIVABLES", amount);
        charged(amount, day);
        bill.byCard = amount;
        bill.open = ZERO;
        return amount;
    }

    /** What the provider keeps of a charge, and for each that is disputed, which a card of this name is at once. */
    void charged(BigDecimal amount, LocalDate day) {
        var fee = amount.multiply(FEE_RATE).setScale(2, RoundingMode.HALF_UP).add(FEE);
        move(day, "PROVIDER_FEES", "PROVIDER_CLEARING", card.equals("createDispute") ? fee.add(DISPUTE_FEE) : fee);
    }

    boolean pays() {
        return !card.isEmpty() && !card.contains("Declined");
    }

    // ---- by bank

    void transfer(PlainBill bill, BigDecimal amount, LocalDate day) {
        var back = amount.min(bill.writtenOff);
        move(day, "RECEIVABLES", "BAD_DEBT", back);
        bill.writtenOff = bill.writtenOff.subtract(back);
        bill.open = bill.open.add(back);
        var settled = amount.min(bill.open);
        move(day, "BANK", "RECEIVABLES", settled);
        bill.open = bill.open.subtract(settled);
        var more = amount.subtract(settled);
        move(day, "BANK", "CUSTOMER_BALANCES", more);
        bill.freed = bill.freed.add(more);
        toBalance(more, day);
    }

    void transfer(BigDecimal amount, LocalDate day) {
        move(day, "BANK", "CUSTOMER_BALANCES", amount);
        toBalance(amount, day);
    }

    void sendBack(BigDecimal amount, LocalDate day) {
        move(day, "CUSTOMER_BALANCES", "BANK", amount);
        balance = balance.subtract(amount);
    }

    BigDecimal balance() {
        return balance;
    }

    /** The balance pays at once what is owed for credit whose payment a bank took, and what is open, the oldest first. */
    void toBalance(BigDecimal more, LocalDate day) {
        balance = balance.add(more);
        var paid = balance.min(owed);
        move(day, "CUSTOMER_BALANCES", "RECEIVABLES", paid);
        owed = owed.subtract(paid);
        balance = balance.subtract(paid);
        for (var bill : bills) {
            var part = balance.min(bill.open);
            move(day, "CUSTOMER_BALANCES", "RECEIVABLES", part);
            bill.open = bill.open.subtract(part);
            balance = balance.subtract(part);
        }
    }

    // ---- given back

    void writeOff(PlainBill bill, LocalDate day) {
        move(day, "BAD_DEBT", "RECEIVABLES", bill.open);
        bill.writtenOff = bill.open;
        bill.open = ZERO;
    }

    void creditNote(PlainBill bill, BigDecimal amount, LocalDate day) {
        var settled = amount.min(bill.open);
        bill.open = bill.open.subtract(settled);
        toBalance(note(bill, amount, settled, day), day);
    }

    /** @return what went to the customer's balance */
    private BigDecimal note(PlainBill bill, BigDecimal amount, BigDecimal settled, LocalDate day) {
        var taxes = bill.credit(amount);
        taxes.forEach((tax, part) -> move(day, "TAX_PAYABLE " + tax, "given", part));
        move(day, "REVENUE", "given", amount.subtract(taxes.values().stream().reduce(ZERO, BigDecimal::add)));
        move(day, "given", "RECEIVABLES", settled);
        var freed = amount.subtract(settled);
        move(day, "given", "CUSTOMER_BALANCES", freed);
        bill.freed = bill.freed.add(freed);
        return freed;
    }

    /** What a card gets back is taken from what was freed of its invoice, and the rest by a credit note once it has gone. */
    BigDecimal askRefund(PlainBill bill, BigDecimal amount, LocalDate day) {
        var taken = amount.min(bill.freed).min(balance);
        move(day, "CUSTOMER_BALANCES", "REFUNDS_DUE", taken);
        balance = balance.subtract(taken);
        bill.freed = bill.freed.subtract(taken);
        return taken;
    }

    void refunded(PlainBill bill, BigDecimal amount, BigDecimal taken, LocalDate day) {
        var noted = amount.subtract(taken);
        if (noted.signum() > 0) {
            note(bill, noted, ZERO, day);
            move(day, "CUSTOMER_BALANCES", "REFUNDS_DUE", noted);
            bill.freed = bill.freed.subtract(noted);
        }
        move(day, "REFUNDS_DUE", "PROVIDER_CLEARING", amount);
        bill.byCard = bill.byCard.subtract(amount);
    }

    /** It has gone, and comes back: the customer has it on the balance. */
    void refundFailed(PlainBill bill, BigDecimal amount, LocalDate day) {
        move(day, "PROVIDER_CLEARING", "REFUNDS_DUE", amount);
        move(day, "REFUNDS_DUE", "CUSTOMER_BALANCES", amount);
        bill.freed = bill.freed.add(amount);
        bill.byCard = bill.byCard.add(amount);
        toBalance(amount, day);
    }

    // ---- charges that a bank takes back

    void disputed(PlainBill bill, LocalDate day) {
        move(day, "DISPUTES_PENDING", "PROVIDER_CLEARING", bill.byCard);
        bill.disputed = bill.byCard;
    }

    void disputeWon(PlainBill bill, LocalDate day) {
        move(day, "PROVIDER_CLEARING", "DISPUTES_PENDING", bill.disputed);
    }

    void disputeLost(PlainBill bill, LocalDate day) {
        move(day, "DISPUTE_LOSSES", "DISPUTES_PENDING", bill.disputed);
    }
}
