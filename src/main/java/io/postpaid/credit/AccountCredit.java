package io.postpaid.credit;

import java.time.LocalDate;
import java.util.List;

/** The credit of one account, as it stands when a change of its cost is covered. */
public interface AccountCredit {
    /** Its grants with something left, and perhaps others. */
    List<CreditGrant> usable();

    /** All of its grants: what is given back goes to one that was used up, too. */
    List<CreditGrant> grants();

    /** What covered its use of a month so far, whichever periods billed it. */
    BurnDown.Before before(LocalDate month);
}
