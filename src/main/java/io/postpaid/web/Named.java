package io.postpaid.web;

/** As {@link Acting}, of an account that may not exist yet. */
record Named(String account) {}
