package io.postpaid.pricing.tax;

import io.postpaid.platform.erasure.Erases;
import org.springframework.stereotype.Component;

/** Why an account pays no tax says who it is. */
@Component
class ExemptionErasure implements Erases {
    private final TaxStore store;

    ExemptionErasure(TaxStore store) {
        this.store = store;
    }

    @Override
    public void erase(String account) {
        store.erase(account);
    }
}
