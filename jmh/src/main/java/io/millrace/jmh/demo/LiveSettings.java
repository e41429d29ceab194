package io.millrace.jmh.demo;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * How the live page is to be served.
 *
 * @param secure     by https and wss.
 * @param port       on loopback; 0 for any that is free.
 * @param durationNs after which it ends; empty if it goes on until it is interrupted.
 */
record LiveSettings(boolean secure, int port, OptionalLong durationNs) {
    private static final int DEFAULT_PORT = 8717;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_SECONDS = 86_400;

    /** Whether the live page is wanted at all. */
    static boolean isWanted(final String live) {
        return !live.isBlank() && !live.equals("false");
    }

    /** Of the demo's properties, each empty if it is not set. */
    static LiveSettings of(final String live, final String port, final String seconds) throws DemoException {
        final boolean secure = switch (live) {
            case "true", "ws", "http" -> false;
            case "tls", "wss", "https" -> true;
            default -> throw new DemoException("demo.live must be empty, ws or tls, not " + live + ".");
        };
        return new LiveSettings(
                secure,
                port.isBlank() ? DEFAULT_PORT : whole("demo.port", port, 0, MAX_PORT),
                seconds.isBlank()
                        ? OptionalLong.empty()
                        : OptionalLong.of(TimeUnit.SECONDS.toNanos(whole("demo.seconds", seconds, 1, MAX_SECONDS))));
    }

    private static int whole(final String name, final String text, final int least, final int most)
            throws DemoException {
        try {
            final int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (final NumberFormatException ex) {
            // The same sentence says it.
        }
        throw new DemoException(name + " must be a whole number from " + least + " to " + most + ", not " + text + ".");
    }
}
