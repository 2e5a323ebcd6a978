package io.postpaid.web.portal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** How often one network may ask for links to sign in, in this process: an address of IPv4, or the half of one of IPv6 that a customer gets. */
@Component
@ConditionalOnWebApplication
public class Networks {
    private static final int OF_IPV6 = 8;

    private final Rate rate;

    Networks(@Value("${POSTPAID_SIGN_IN_RATE:60}") int perHour) {
        this.rate = new Rate("POSTPAID_SIGN_IN_RATE", perHour, 1, Duration.ofHours(1));
    }

    /** Takes a place, if there is one. */
    public boolean mayAsk(String address) {
        return rate.refusal(network(address), 1).isEmpty();
    }

    /** No name is looked up: what is no address counts as it is written. */
    static String network(String address) {
        try {
            var parsed = InetAddress.ofLiteral(address);
            var bytes = parsed.getAddress();
            return HexFormat.of().formatHex(parsed instanceof Inet6Address ? Arrays.copyOf(bytes, OF_IPV6) : bytes);
        } catch (IllegalArgumentException e) {
            return address;
        }
    }
}
