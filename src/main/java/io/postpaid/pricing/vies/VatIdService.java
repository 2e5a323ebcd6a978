package io.postpaid.pricing.vies;

/** Who says whether a tax id is registered. */
interface VatIdService {
    /** Takes a bounded time, and never throws: who does not answer is silent. */
    ViesAnswer ask(VatId id, VatId requester);
}
