package io.postpaid.web.portal;

/** The same for what does not exist and for what is somebody else's. */
public final class PageNotFound extends RuntimeException {
    public PageNotFound() {
        super("There is nothing at this address", null, false, false);
    }
}
