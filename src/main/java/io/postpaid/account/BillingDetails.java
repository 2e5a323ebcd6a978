package io.postpaid.account;

import io.postpaid.account.AccountFile.Problem;
import io.postpaid.platform.file.PlainText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a customer says of himself for the next invoice; an issued one keeps what it was issued with. */
public record BillingDetails(
        String name,
        String line1,
        String line2,
        String city,
        String state,
        String postalCode,
        String taxId,
        String purchaseOrder,
        List<String> billingEmails) {
    static final int BILLING_EMAILS_MAX = 5;
    private static final int PURCHASE_ORDER_MAX = 100;

    public BillingDetails {
        billingEmails = List.copyOf(billingEmails);
    }

    /** As a line of a file has it. */
    Map<String, String> cells(Account account) {
        var cells = new LinkedHashMap<String, String>();
        cells.put("id", account.id());
        cells.put("name", name);
        cells.put("email", account.email());
        cells.put("line1", line1);
        cells.put("line2", line2);
        cells.put("city", city);
        cells.put("state", state);
        cells.put("postal_code", postalCode);
        cells.put("tax_id", taxId);
        return cells;
    }

    /** What is wrong with the rest. */
    List<Problem> problems(Account account) {
        var problems = new ArrayList<Problem>();
        if (PlainText.hasControl(purchaseOrder)) {
            problems.add(problem("purchase_order", "contains a line break or another control character"));
        }
        if (purchaseOrder.length() > PURCHASE_ORDER_MAX) {
            problems.add(problem("purchase_order", "has more than " + PURCHASE_ORDER_MAX + " characters"));
        }
        if (billingEmails.size() > BILLING_EMAILS_MAX) {
            problems.add(problem("billing_emails", "are more than " + BILLING_EMAILS_MAX + " addresses"));
        }
        var seen = new HashSet<String>();
        seen.add(account.email().toLowerCase(Locale.ROOT));
        for (var address : billingEmails) {
            Accounts.emailProblem(address)
                    .ifPresent(what -> problems.add(problem("billing_emails", "'" + address + "' " + what)));
            if (!seen.add(address.toLowerCase(Locale.ROOT))) {
                problems.add(problem("billing_emails", "'" + address + "' gets the mails already"));
            }
        }
        return problems;
    }

    private static Problem problem(String column, String what) {
        return new Problem(1, column, what);
    }
}
