/**
 * HTTP: who calls, what they sent, and how they are answered.
 *
 * <h2>Owns</h2>
 * authentication of requests, the one form of an error, the calls of {@code /v1} and their description.
 *
 * <h2>Does not own</h2>
 * any rule about money, usage or access (the features).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A call needs a key unless it is marked as open.
 *   <li>What belongs to another account is answered as what does not exist.
 *   <li>Every error is {@code {"error":{"code","message","details"}}}, and never tells how the server works inside.
 *   <li>No request is read further than its limit.
 * </ul>
 */
@ApplicationModule(
        allowedDependencies = {
            "account",
            "billing::document",
            "billing::einvoice",
            "billing::invoicing",
            "billing::receipt",
            "books::close",
            "books::explain",
            "books::journal",
            "books::report",
            "books::usage",
            "credit",
            "events",
            "gate",
            "gate::access",
            "keeping",
            "mail",
            "payments::approval",
            "payments::bank",
            "payments::charging",
            "payments::outcome",
            "payments::settlement",
            "payments::topup",
            "payments::webhook",
            "pricing::pricebook",
            "pricing::rating",
            "pricing::tax",
            "usage::aggregate",
            "usage::archive",
            "usage::format",
            "usage::intake",
            "usage::mapping",
            "usage::record"
        })
@NullMarked
package io.postpaid.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
