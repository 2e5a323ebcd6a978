package io.postpaid.web.portal;

import io.postpaid.web.Downloads;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** Files of single records that a page leads to; one counts as several pages. */
@Component
@ConditionalOnWebApplication
public class PageFiles {
    private final Downloads downloads;
    private final PageRate rate;

    PageFiles(Downloads downloads, PageRate rate) {
        this.downloads = downloads;
        this.rate = rate;
    }

    /** @throws RuntimeException that becomes a page, if the customer or others have asked for too many */
    public void send(
            HttpServletResponse response, Principal customer, MediaType type, String name, Downloads.Writing writing)
            throws IOException {
        rate.makesFile(customer.getName());
        downloads.send(response, type, name, writing);
    }
}
