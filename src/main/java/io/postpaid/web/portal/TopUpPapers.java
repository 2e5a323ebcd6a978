package io.postpaid.web.portal;

import io.postpaid.billing.document.TopUpFiles;
import io.postpaid.billing.receipt.TopUpDocuments;
import java.security.Principal;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The invoices of top-ups of the account that is signed in, and their credit notes, as files. */
@CustomerPages
class TopUpPapers {
    private final TopUpDocuments documents;
    private final TopUpFiles files;

    TopUpPapers(TopUpDocuments documents, TopUpFiles files) {
        this.documents = documents;
        this.files = files;
    }

    @GetMapping("/billing/credit/documents/{document}/pdf")
    ResponseEntity<byte[]> pdf(Principal customer, @PathVariable("document") String number) {
        var document = documents
                .find(number)
                .filter(found -> found.account().equals(customer.getName()))
                .orElseThrow(PageNotFound::new);
        return Pages.file(
                MediaType.APPLICATION_PDF,
                ContentDisposition.inline().filename(document.number() + ".pdf").build(),
                files.pdf(document).bytes());
    }
}
