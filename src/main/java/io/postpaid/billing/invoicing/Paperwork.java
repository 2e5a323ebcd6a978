package io.postpaid.billing.invoicing;

import java.util.List;

/** Makes the documents of invoices before their customers hear of them. */
public interface Paperwork {

    /** Makes those of issued invoices that are missing. One that cannot be made is left to the step that holds it. */
    void prepare(List<Long> invoices);
}
