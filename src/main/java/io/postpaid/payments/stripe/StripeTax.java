package io.postpaid.payments.stripe;

import static io.postpaid.payments.stripe.StripeCalls.with;
import static java.time.ZoneOffset.UTC;

import com.stripe.param.tax.CalculationCreateParams;
import com.stripe.param.tax.CalculationCreateParams.CustomerDetails;
import com.stripe.param.tax.CalculationCreateParams.LineItem;
import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.pricing.calculation.TaxCalculator;
import io.postpaid.pricing.calculation.TaxQuestion;
import java.util.Arrays;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Stripe Tax as the one who calculates taxes. */
@Component
class StripeTax implements TaxCalculator {
    private final StripeCalls stripe;
    private final Installation installation;

    StripeTax(StripeCalls stripe, Installation installation) {
        this.stripe = stripe;
        this.installation = installation;
    }

    @Override
    public String calculate(String key, TaxQuestion question) {
        var parameters = parameters(question);
        try {
            return stripe.send(
                            "tax/calculations",
                            api -> api.tax().calculations().create(parameters, with(installation.key(key))))
                    .getLastResponse()
                    .body();
        } catch (RefusedException e) {
            throw new QuestionRefusedException(
                    "Stripe Tax refuses to calculate its tax (" + e.code() + "): " + e.getMessage(), e);
        } catch (NoAnswerException e) {
            throw new UnansweredException(e.getMessage(), e);
        }
    }

    private static CalculationCreateParams parameters(TaxQuestion question) {
        var parameters = CalculationCreateParams.builder()
                .setCurrency(question.currency().toLowerCase(Locale.ROOT))
                .setTaxDate(question.day().atTime(12, 0).toEpochSecond(UTC))
                .setCustomerDetails(customer(question))
                .addExpand("line_items.data.tax_breakdown");
        question.items()
                .forEach(item -> parameters.addLineItem(LineItem.builder()
                        // Stripe knows no amounts below zero; their tax is that of the amount, taken off.
                        .setAmount(MinorUnits.of(item.amount().abs(), question.currency()))
                        .setReference(item.reference())
                        .setTaxCode(item.code())
                        .setTaxBehavior(LineItem.TaxBehavior.EXCLUSIVE)
                        .build()));
        return parameters.build();
    }

    private static CustomerDetails customer(TaxQuestion question) {
        var address = question.address();
        var customer = CustomerDetails.builder()
                .setAddressSource(CustomerDetails.AddressSource.BILLING)
                .setAddress(CustomerDetails.Address.builder()
                        .setLine1(address.line1())
                        .setLine2(address.line2())
                        .setCity(address.city())
                        .setState(address.state())
                        .setPostalCode(address.postalCode())
                        .setCountry(address.country())
                        .build());
        if (question.exempt()) customer.setTaxabilityOverride(CustomerDetails.TaxabilityOverride.CUSTOMER_EXEMPT);
        for (var id : question.taxIds()) {
            Arrays.stream(CustomerDetails.TaxId.Type.values())
                    .filter(type -> type.getValue().equals(id.type()))
                    .forEach(type -> customer.addTaxId(CustomerDetails.TaxId.builder()
                            .setType(type)
                            .setValue(id.value())
                            .build()));
        }
        return customer.build();
    }
}
