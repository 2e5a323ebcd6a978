package io.postpaid.billing.document;

import java.util.List;

/** The printed words of one language: {@code templates/invoice/texts.<language>.yaml}. */
record Texts(
        String language,
        String invoice,
        String creditNote,
        String number,
        String issuedOn,
        String taxPoint,
        String dueOn,
        String period,
        String from,
        String billTo,
        String taxId,
        String account,
        String purchaseOrder,
        String buyerReference,
        String corrects,
        Columns columns,
        String subtotal,
        String tax,
        String total,
        String amountDue,
        String amountCredited,
        String payment,
        String bank,
        String bankReference,
        String chart,
        String chartDescribed,
        String continued,
        String page,
        String decimalSeparator,
        List<String> notes) {
    Texts {
        if (decimalSeparator.length() != 1) {
            throw new IllegalArgumentException("decimal_separator is one character, not '" + decimalSeparator + "'");
        }
        notes = List.copyOf(notes);
    }

    /** Both weights print every word. */
    void check(Stationery.Letters letters) {
        letters.check("texts of " + language, String.join(" ", notes) + this);
    }

    record Columns(
            String position,
            String product,
            String description,
            String quantity,
            String unit,
            String unitPrice,
            String tax,
            String amount) {
        String of(Look.Column column) {
            return switch (column) {
                case POSITION -> position;
                case PRODUCT -> product;
                case DESCRIPTION -> description;
                case QUANTITY -> quantity;
                case UNIT -> unit;
                case UNIT_PRICE -> unitPrice;
                case TAX -> tax;
                case AMOUNT -> amount;
            };
        }
    }
}
