package io.postpaid.billing.document;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What archives and screen readers are told about a file before they open it. */
final class Metadata {
    private static final String XMP = """
            <?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/">
             <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
              <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
                xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
                xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
               <dc:format>application/pdf</dc:format>
               <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
               <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
               <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
               <pdf:Producer>{producer}</pdf:Producer>
               <xmp:CreateDate>{date}T00:00:00Z</xmp:CreateDate>
               <xmp:ModifyDate>{date}T00:00:00Z</xmp:ModifyDate>
               <pdfaid:part>3</pdfaid:part>
               <pdfaid:conformance>A</pdfaid:conformance>
               <pdfuaid:part>1</pdfuaid:part>
              </rdf:Description>{electronic}
              <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
                xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
                xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
               <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
                <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
                <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
                <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
                <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
                 <pdfaProperty:name>part</pdfaProperty:name>
                 <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
                 <pdfaProperty:category>internal</pdfaProperty:category>
                 <pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
                </rdf:li></rdf:Seq></pdfaSchema:property>
               </rdf:li>{schema}</rdf:Bag></pdfaExtension:schemas>
              </rdf:Description>
             </rdf:RDF>
            </x:xmpmeta>
            <?xpacket end="r"?>""";

    private static final String ELECTRONIC = """

              <rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">
               <fx:DocumentType>INVOICE</fx:DocumentType>
               <fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>
               <fx:Version>1.0</fx:Version>
               <fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
              </rdf:Description>""";

    private static final String SCHEMA = """
            <rdf:li rdf:parseType="Resource">
                <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
                <pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>
                <pdfaSchema:prefix>fx</pdfaSchema:prefix>
                <pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>
               </rdf:li>""".replace(
                    "{properties}",
                    Stream.of("DocumentFileName", "DocumentType", "Version", "ConformanceLevel")
                            .map(name -> """
                                    <rdf:li rdf:parseType="Resource">
                                     <pdfaProperty:name>%s</pdfaProperty:name>
                                     <pdfaProperty:valueType>Text</pdfaProperty:valueType>
                                     <pdfaProperty:category>external</pdfaProperty:category>
                                     <pdfaProperty:description>%s of the embedded XML</pdfaProperty:description>
                                    </rdf:li>""".formatted(name, name))
                            .collect(Collectors.joining()));

    private static final String ON_PAPER = XMP.replace("{electronic}", "").replace("{schema}", "");
    private static final String WITH_XML =
            XMP.replace("{electronic}", ELECTRONIC).replace("{schema}", SCHEMA);

    private Metadata() {}

    /** @param electronic whether an e-invoice is embedded */
    static byte[] xmp(
            String title, String author, String language, LocalDate date, String producer, boolean electronic) {
        return (electronic ? WITH_XML : ON_PAPER)
                .replace("{language}", escaped(language))
                .replace("{date}", date.toString())
                .replace("{producer}", escaped(producer))
                .replace("{title}", escaped(title))
                .replace("{author}", escaped(author))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
