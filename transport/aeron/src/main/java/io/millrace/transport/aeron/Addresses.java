package io.millrace.transport.aeron;

import java.net.InetSocketAddress;

/** Addresses as Aeron writes them. */
final class Addresses {
    private Addresses() {}

    /** Of {@code 127.0.0.1:5} or {@code [::1]:5}, as it is: nothing is looked up. */
    static InetSocketAddress parse(final String text) {
        final int colon = text.lastIndexOf(':');
        final String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        return new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
    }
}
