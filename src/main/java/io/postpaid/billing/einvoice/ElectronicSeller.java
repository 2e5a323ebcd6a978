package io.postpaid.billing.einvoice;

import java.util.List;
import java.util.Map;

/**
 * What programs are told of the seller beside {@code templates/seller.yaml}: {@code templates/e-invoice.yaml}.
 *
 * @param legalId its number in the register of companies
 * @param peppolId where it receives e-invoices, such as {@code 0216:003712345678}
 * @param units the codes of UN/ECE Recommendation 20 for units of products; others are counted as pieces
 */
public record ElectronicSeller(
        String street,
        String city,
        String postalCode,
        String region,
        String legalId,
        String peppolId,
        String contact,
        String phone,
        String iban,
        String bic,
        Map<String, String> units) {
    private static final String PIECE = "C62";

    public ElectronicSeller {
        units = Map.copyOf(units);
        units.forEach((unit, code) -> {
            if (!code.matches("[0-9A-Z]{1,3}")) {
                throw new IllegalArgumentException("units." + unit + ": '" + code
                        + "' is no code of UN/ECE Recommendation 20, such as SEC, MIN, H87");
            }
        });
        if (!peppolId.isEmpty() && !peppolId.matches("[0-9]{4}:.+")) {
            throw new IllegalArgumentException(
                    "peppol_id is a scheme of four digits, a colon and an id, such as 0216:003712345678, not '"
                            + peppolId + "'");
        }
    }

    /** Whoever moves says so in both files. */
    void check(List<String> address) {
        for (var part : List.of(street, city, postalCode)) {
            if (address.stream().noneMatch(line -> line.contains(part))) {
                throw new IllegalArgumentException(
                        "templates/e-invoice.yaml says '" + part
                                + "', which is no part of the address of templates/seller.yaml: make it one, or leave it empty");
            }
        }
    }

    String unit(String unit) {
        return units.getOrDefault(unit, PIECE);
    }
}
