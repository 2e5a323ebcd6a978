package io.postpaid.billing.document;

import java.util.Map;

/** The sentences and labels of {@code templates/invoice/phrases.<language>.yaml}. */
record Phrases(
        String locale,
        String date,
        String lateUsage,
        String lateCorrection,
        String tier,
        String priceFrom,
        String credit,
        String creditReturned,
        String carriedIn,
        String carriedForward,
        String fromBalance,
        String toBalance,
        String covered,
        String paidFromBalance,
        String tooSmall,
        String owedToYou,
        String creditNoteTerms,
        String card,
        String noCard,
        String serviceCredit,
        String topUp,
        String creditBoughtBack,
        String paid,
        String paidByCard,
        String taxInCurrency,
        String exportFromEu,
        Map<String, String> taxReasons,
        Map<String, String> products) {}
