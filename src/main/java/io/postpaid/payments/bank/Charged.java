package io.postpaid.payments.bank;

import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Books a line as a charge of the bank, with its match in one transaction. */
@Component
class Charged {
    private final MatchStore store;

    Charged(MatchStore store) {
        this.store = store;
    }

    /** @return false if it was matched a moment ago */
    @Transactional
    boolean post(BankLine line) {
        if (!store.match(line, "bank", line.booking())) return false;
        store.charge(line);
        return true;
    }
}
