package io.postpaid.payments.statement;

import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A part of an XML document, by the local names of its elements.
 *
 * @param currency its attribute {@code Ccy}, or empty
 */
record XmlElement(String name, String currency, String text, List<XmlElement> children) {
    private static final int DEPTH_MAX = 50;

    /** Reads the element that the reader has come to, up to its end. */
    static XmlElement read(XMLStreamReader xml) throws XMLStreamException {
        return read(xml, 0);
    }

    private static XmlElement read(XMLStreamReader xml, int depth) throws XMLStreamException {
        if (depth > DEPTH_MAX) throw new IllegalArgumentException("elements stand more than " + DEPTH_MAX + " deep");
        var name = xml.getLocalName();
        var currency = xml.getAttributeValue(null, "Ccy");
        var text = new StringBuilder();
        var children = new ArrayList<XmlElement>();
        for (int event = xml.next(); event != XMLStreamConstants.END_ELEMENT; event = xml.next()) {
            if (event == XMLStreamConstants.START_ELEMENT) children.add(read(xml, depth + 1));
            else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA)
                text.append(xml.getText());
        }
        return new XmlElement(
                name, currency == null ? "" : currency, text.toString().strip(), children);
    }

    List<XmlElement> all(String child) {
        return children.stream().filter(one -> one.name.equals(child)).toList();
    }

    /** The first element at a path below this one; an empty one where there is none. */
    XmlElement at(String... path) {
        var here = this;
        for (var child : path) {
            here = here.children.stream()
                    .filter(one -> one.name.equals(child))
                    .findFirst()
                    .orElse(new XmlElement(child, "", "", List.of()));
        }
        return here;
    }

    /** The text there; of several paths, the first that has one. */
    static String firstOf(String... texts) {
        for (var text : texts) if (!text.isEmpty()) return text;
        return "";
    }
}
