package io.postpaid.billing.document;

import io.postpaid.billing.einvoice.EInvoice;

/** A document for people, and the same for programs. */
record Paper(InvoiceDocument document, EInvoice electronic) {}
