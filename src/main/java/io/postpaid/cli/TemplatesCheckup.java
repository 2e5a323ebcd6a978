package io.postpaid.cli;

import io.postpaid.billing.document.PdfRenderer;
import io.postpaid.mail.MailTemplates;
import io.postpaid.payments.charging.CollectionPolicy;
import io.postpaid.platform.checkup.Checkup;
import io.postpaid.platform.template.CurrencySettings;
import io.postpaid.platform.template.Seller;
import java.util.List;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** The operator's own files: who reads one complains about it. */
@Component
@Order(8)
class TemplatesCheckup implements Checkup {
    private static final List<Class<?>> READ =
            List.of(CurrencySettings.class, PdfRenderer.class, MailTemplates.class, CollectionPolicy.class);

    private final BeanFactory beans;

    TemplatesCheckup(BeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public String of() {
        return "templates";
    }

    @Override
    public String look() {
        var seller = beans.getBean(Seller.class);
        READ.forEach(beans::getBean);
        return "seller " + seller.name() + ", currencies, invoice, mails and dunning can be read";
    }
}
