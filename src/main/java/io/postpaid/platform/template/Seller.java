package io.postpaid.platform.template;

import java.math.BigDecimal;
import java.util.List;

/** Who sends the invoices: {@code templates/seller.yaml}. */
public record Seller(
        String name,
        List<String> address,
        String country,
        String taxId,
        String email,
        String web,
        String payUrl,
        List<String> bank,
        List<Tax> taxes) {
    public Seller {
        if (name.isBlank() || address.isEmpty() || email.isBlank()) {
            throw new IllegalArgumentException("a seller has a name, an address and an e-mail address");
        }
        if (!payUrl.contains("{number}")) {
            throw new IllegalArgumentException("pay_url needs the placeholder {number}: " + payUrl);
        }
        address = List.copyOf(address);
        bank = List.copyOf(bank);
        taxes = List.copyOf(taxes);
    }

    public static Seller load(TemplateFiles files) {
        return files.yaml("seller.yaml", Seller.class);
    }

    /** The same, paid on the billing pages where they have an address. */
    Seller paidOn(BaseUrl pages) {
        var page = pages.to("/billing/invoices/{number}");
        return page.isEmpty() ? this : new Seller(name, address, country, taxId, email, web, page, bank, taxes);
    }

    /** Where the customer pays the invoice with this number. */
    public String payUrl(String number) {
        return payUrl.replace("{number}", number);
    }

    /** A tax that customers of one country pay; the note is printed instead where the customer owes the tax. */
    public record Tax(String country, String name, BigDecimal percent, String reverseChargeNote) {
        public Tax {
            if (!country.matches("[A-Z]{2}") || percent.signum() < 0) {
                throw new IllegalArgumentException("not a tax: " + country + " " + name + " " + percent);
            }
        }
    }
}
