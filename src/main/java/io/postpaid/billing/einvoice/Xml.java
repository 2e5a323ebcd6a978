package io.postpaid.billing.einvoice;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes XML whose shape can be read in the code: elements within elements. What is empty is left out. */
final class Xml {
    private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

    private final XMLStreamWriter out;

    private Xml(XMLStreamWriter out) {
        this.out = out;
    }

    interface Content {
        void write(Xml xml) throws XMLStreamException;
    }

    static byte[] document(String root, Map<String, String> namespaces, Content content) {
        var text = new StringWriter(8 * 1024);
        try {
            var out = FACTORY.createXMLStreamWriter(text);
            out.writeStartDocument("UTF-8", "1.0");
            out.writeStartElement(root);
            for (var namespace : namespaces.entrySet()) {
                out.writeAttribute(namespace.getKey(), namespace.getValue());
            }
            content.write(new Xml(out));
            out.writeEndDocument();
            out.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    void in(String element, Content content) throws XMLStreamException {
        out.writeStartElement(element);
        content.write(this);
        out.writeEndElement();
    }

    /** Only if there is anything to say in it. */
    void in(String element, boolean said, Content content) throws XMLStreamException {
        if (said) in(element, content);
    }

    void text(String element, String text) throws XMLStreamException {
        text(element, text, "", "");
    }

    void text(String element, String text, String attribute, String value) throws XMLStreamException {
        var clean = clean(text);
        if (clean.isEmpty()) return;
        out.writeStartElement(element);
        if (!attribute.isEmpty()) out.writeAttribute(attribute, clean(value));
        out.writeCharacters(clean);
        out.writeEndElement();
    }

    /** An amount of money: the standard allows two decimals. */
    void amount(String element, BigDecimal amount) throws XMLStreamException {
        text(element, money(amount));
    }

    static String money(BigDecimal amount) {
        return amount.setScale(2).toPlainString();
    }

    void number(String element, BigDecimal number, String attribute, String value) throws XMLStreamException {
        var plain = number.stripTrailingZeros();
        text(element, (plain.scale() < 0 ? plain.setScale(0) : plain).toPlainString(), attribute, value);
    }

    /** XML has no character for these, not even escaped. */
    private static String clean(String text) {
        if (text.chars().allMatch(c -> c >= 0x20 && c < 0xd800)) return text.strip();
        return text.codePoints()
                .filter(c ->
                        c >= 0x20 ? c < 0xd800 || c > 0xdfff && c != 0xfffe && c != 0xffff : c == '\t' || c == '\n')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
    }
}
