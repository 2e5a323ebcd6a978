package io.postpaid.billing.einvoice;

import io.postpaid.billing.einvoice.EInvoice.Category;
import io.postpaid.billing.einvoice.EInvoice.Local;
import io.postpaid.billing.einvoice.EInvoice.Tax;
import io.postpaid.billing.invoicing.InvoiceTax;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The taxes of one document as the standard allows them to stand together. */
final class Categories {
    private final List<InvoiceTax> rows;
    private final boolean vatId;

    Categories(List<InvoiceTax> rows, boolean vatId) {
        this.rows = rows;
        this.vatId = vatId;
    }

    List<InvoiceTax> rows() {
        return rows;
    }

    /** Whether all of it is outside of the scope of VAT: then no VAT id may stand on it. */
    boolean outside() {
        return rows.stream().map(this::code).allMatch("O"::equals);
    }

    Category of(int position) {
        return rows.stream()
                .filter(row -> row.position() == position)
                .map(this::of)
                .findFirst()
                .orElseThrow();
    }

    Category of(InvoiceTax row) {
        var code = code(row);
        // Beside other taxes nothing may be outside of the scope: then it is exempt.
        if (code.equals("O") && !outside()) code = "E";
        return new Category(code, code.equals("O") ? null : row.percent().stripTrailingZeros());
    }

    /** An export is one of somebody with a VAT id. */
    private String code(InvoiceTax row) {
        return row.category().equals("G") && !vatId ? "O" : row.category();
    }

    /** Rates of one percentage are one tax to the standard, whatever they are called. */
    List<Tax> taxes() {
        var taxes = new LinkedHashMap<Category, Tax>();
        for (var row : rows) {
            var tax = new Tax(of(row), row.base(), row.tax(), reason(row), reasonCode(row));
            taxes.merge(tax.category(), tax, Tax::with);
        }
        return List.copyOf(taxes.values());
    }

    /** All of them in the currency of the country. */
    @Nullable
    Local local() {
        return rows.stream()
                .map(InvoiceTax::local)
                .filter(Objects::nonNull)
                .map(tax -> new Local(tax.currency(), tax.amount()))
                .reduce((one, other) -> new Local(one.currency(), one.amount().add(other.amount())))
                .orElse(null);
    }

    private String reason(InvoiceTax row) {
        return switch (of(row).code()) {
            case "S", "Z" -> "";
            default -> row.note().isBlank() ? row.reason() : row.note();
        };
    }

    private String reasonCode(InvoiceTax row) {
        return switch (of(row).code()) {
            case "AE" -> "VATEX-EU-AE";
            case "G" -> "VATEX-EU-G";
            case "O" -> "VATEX-EU-O";
            default -> "";
        };
    }
}
