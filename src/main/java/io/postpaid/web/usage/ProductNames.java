package io.postpaid.web.usage;

import io.postpaid.billing.document.LineWords;
import io.postpaid.pricing.pricebook.PriceBook;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.web.portal.PageNotFound;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** Products by their names and units. */
@Component
@ConditionalOnWebApplication
class ProductNames {
    private final PriceBooks prices;
    private final LineWords words;

    ProductNames(PriceBooks prices, LineWords words) {
        this.prices = prices;
        this.words = words;
    }

    /** The products as they stand now: asked for once a page, since each time looks whether prices have changed. */
    Names now() {
        return new Names(prices.current(), words);
    }

    record Names(PriceBook book, LineWords words) {
        String name(String product) {
            return words.product(product);
        }

        String unit(String product) {
            return book.product(product).unit();
        }

        /** @throws PageNotFound if there is no such product */
        String known(String product) {
            return book.findProduct(product).map(Product::id).orElseThrow(PageNotFound::new);
        }
    }
}
