package io.postpaid.platform.template;

/**
 * Where customers reach the billing pages, for links in mails; what no setting says is empty.
 *
 * @param text without a slash at its end
 */
public record BaseUrl(String text) {
    public BaseUrl {
        text = text.replaceFirst("/+$", "");
        if (!text.isEmpty() && !text.matches("https?://[\\x21-\\x7e]+")) {
            throw new IllegalArgumentException("POSTPAID_BASE_URL begins with https://, not " + text);
        }
    }

    /** Whether customers come by HTTPS. */
    public boolean isSecure() {
        return text.startsWith("https:");
    }

    /** The address of a page, or nothing where no setting says where the pages are. */
    public String to(String path) {
        return text.isEmpty() ? "" : text + path;
    }
}
