package io.postpaid.billing.einvoice;

/**
 * An electronic address.
 *
 * @param scheme of the list of Electronic Address Schemes, such as 0208, or EM for an e-mail address
 */
record Endpoint(String scheme, String id) {
    static Endpoint of(String written) {
        int colon = written.indexOf(':');
        if (colon >= 0)
            return new Endpoint(
                    written.substring(0, colon).strip(),
                    written.substring(colon + 1).strip());
        return new Endpoint("EM", written.strip());
    }
}
