package io.postpaid.billing.einvoice;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import net.sf.saxon.lib.Feature;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.QName;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XdmDestination;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XsltExecutable;
import net.sf.saxon.s9api.streams.Steps;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** A schema and the business rules over it, as their authors publish them: Schematron that was compiled to XSLT. */
final class RuleSet {
    private static final Processor SAXON = saxon();
    private static final QName ID = new QName("id");
    private static final QName FLAG = new QName("flag");
    private static final QName ROLE = new QName("role");

    private final Schema schema;
    private final List<XsltExecutable> rules;

    private RuleSet(Schema schema, List<XsltExecutable> rules) {
        this.schema = schema;
        this.rules = rules;
    }

    static RuleSet of(Schema schema, String... rules) {
        return new RuleSet(schema, Arrays.stream(rules).map(RuleSet::compiled).toList());
    }

    /** What is refused, and what is only advised against; the schema first, as rules over a broken document mean little. */
    Findings check(byte[] xml) {
        try {
            var faults = new ArrayList<String>();
            var document = parse(xml, faults);
            if (!faults.isEmpty()) {
                return new Findings(List.copyOf(faults), List.of());
            }
            var errors = new ArrayList<String>();
            var warnings = new ArrayList<String>();
            for (var rule : rules) {
                failed(rule, document)
                        .forEach(assertion -> (isError(assertion) ? errors : warnings).add(text(assertion)));
            }
            return new Findings(List.copyOf(errors), List.copyOf(warnings));
        } catch (SAXException e) {
            return new Findings(List.of("[XML] " + e.getMessage()), List.of());
        } catch (SaxonApiException | ParserConfigurationException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One pass that checks the schema while it builds the tree. */
    private XdmNode parse(byte[] xml, List<String> faults)
            throws SAXException, IOException, ParserConfigurationException, SaxonApiException {
        var factory = SAXParserFactory.newDefaultNSInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        var reader = factory.newSAXParser().getXMLReader();
        var tree = SAXON.newDocumentBuilder().newBuildingContentHandler();
        var checker = schema.newValidatorHandler();
        checker.setErrorHandler(new DefaultHandler() {
            @Override
            public void error(SAXParseException e) {
                faults.add("[XSD] line " + e.getLineNumber() + ": " + e.getMessage());
            }
        });
        checker.setContentHandler(tree);
        reader.setContentHandler(checker);
        reader.setErrorHandler(new DefaultHandler());
        reader.parse(new InputSource(new ByteArrayInputStream(xml)));
        return tree.getDocumentNode();
    }

    private static Stream<XdmNode> failed(XsltExecutable rule, XdmNode document) throws SaxonApiException {
        var report = new XdmDestination();
        var run = rule.load30();
        run.setGlobalContextItem(document);
        run.applyTemplates(document, report);
        return report
                .getXdmNode()
                .select(Steps.child("schematron-output").then(Steps.child("failed-assert")))
                .asListOfNodes()
                .stream();
    }

    private static boolean isError(XdmNode assertion) {
        var level = Objects.requireNonNullElse(assertion.getAttributeValue(FLAG), assertion.getAttributeValue(ROLE));
        return !level.equals("warning") && !level.equals("information");
    }

    private static String text(XdmNode assertion) {
        var text = assertion.getStringValue().strip().replaceAll("\\s+", " ");
        var id = "[" + assertion.getAttributeValue(ID) + "]";
        return text.startsWith(id) ? text : id + " " + text;
    }

    private static Processor saxon() {
        var processor = new Processor(false);
        processor.setConfigurationProperty(Feature.ALLOWED_PROTOCOLS, "jar");
        return processor;
    }

    private static XsltExecutable compiled(String path) {
        try {
            var compiler = SAXON.newXsltCompiler();
            return compiler.compile(source(path));
        } catch (SaxonApiException e) {
            throw new IllegalStateException("Rules " + path, e);
        }
    }

    static Schema schema(String... paths) {
        try {
            var factory = SchemaFactory.newDefaultInstance();
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "file,jar:file");
            return factory.newSchema(Arrays.stream(paths).map(RuleSet::source).toArray(Source[]::new));
        } catch (SAXException e) {
            throw new IllegalStateException("Schema " + List.of(paths), e);
        }
    }

    private static Source source(String path) {
        var resource = Objects.requireNonNull(RuleSet.class.getResource("/" + path), path);
        return new StreamSource(resource.toString());
    }

    record Findings(List<String> errors, List<String> warnings) {}
}
