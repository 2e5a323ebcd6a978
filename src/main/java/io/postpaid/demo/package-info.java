/**
 * A whole month on sample data in sandbox mode, from raw usage to the finance report.
 *
 * <h2>Owns</h2>
 * the sample accounts, prices and usage, and the course of the month that is shown.
 *
 * <h2>Does not own</h2>
 * anything that is done with them: the demo goes in by the same doors as everybody.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Accounts of the demo begin with {@code demo-}; where there is any other, the demo refuses to start.
 *   <li>The same seed shows the same month.
 * </ul>
 */
@ApplicationModule(
        allowedDependencies = {
            "account",
            "books::close",
            "books::journal",
            "books::rehearse",
            "credit",
            "payments::charging",
            "payments::topup",
            "pricing::exchange",
            "pricing::pricebook",
            "pricing::tax"
        })
@NullMarked
package io.postpaid.demo;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
