package io.millrace.transport.websocket;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What two sides agreed on for permessage-deflate: RFC 7692 section 7.1. Bits are those of the window that a side compresses
 * with; inflating takes any.
 */
record DeflateTerms(boolean serverKeepsContext, boolean clientKeepsContext, int serverBits, int clientBits) {
    /** Without a word about it, and the most there is. */
    static final int ALL_BITS = 15;

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";
    private static final String SERVER_BITS = "server_max_window_bits";
    private static final String CLIENT_BITS = "client_max_window_bits";
    private static final Set<String> BITS = Set.of("8", "9", "10", "11", "12", "13", "14", "15");

    /** A client's offer; the server may bound the client's window. */
    static String offer(final DeflateContext context) {
        final String text = new DeflateTerms(
                        context.serverKeepsContext(),
                        context.clientKeepsContext(),
                        context.serverMaxWindowBits(),
                        context.clientMaxWindowBits())
                .answer();
        return context.clientMaxWindowBits() == ALL_BITS ? text + "; " + CLIENT_BITS : text;
    }

    /** A server's answer to these terms: a window of 15 bits need not be said. */
    String answer() {
        return NAME
                + (serverKeepsContext ? "" : "; " + SERVER_NO_CONTEXT)
                + (clientKeepsContext ? "" : "; " + CLIENT_NO_CONTEXT)
                + (serverBits == ALL_BITS ? "" : "; " + SERVER_BITS + "=" + serverBits)
                + (clientBits == ALL_BITS ? "" : "; " + CLIENT_BITS + "=" + clientBits);
    }

    /** A server's choice: the first offer that it can keep. */
    static Optional<DeflateTerms> choose(final List<Extension> offers, final DeflateContext context) {
        return offers.stream()
                .filter(DeflateTerms::isKeepable)
                .findFirst()
                .map(offer -> new DeflateTerms(
                        context.serverKeepsContext() && !offer.parameters().containsKey(SERVER_NO_CONTEXT),
                        context.clientKeepsContext() && !offer.parameters().containsKey(CLIENT_NO_CONTEXT),
                        Math.min(context.serverMaxWindowBits(), bits(offer, SERVER_BITS)),
                        boundedClientBits(offer, context.clientMaxWindowBits())));
    }

    /** Only a client that says so lets its window be bounded; what it bounds itself need not be said again. */
    private static int boundedClientBits(final Extension offer, final int most) {
        final String offered = offer.parameters().get(CLIENT_BITS);
        return offered == null || (!offered.isEmpty() && Integer.parseInt(offered) <= most) ? ALL_BITS : most;
    }

    private static int bits(final Extension extension, final String parameter) {
        return Integer.parseInt(extension.parameters().getOrDefault(parameter, Integer.toString(ALL_BITS)));
    }

    private static boolean isKeepable(final Extension offer) {
        return offer.name().equals(NAME)
                && !offer.repeats()
                && offer.parameters().entrySet().stream().allMatch(entry -> switch (entry.getKey()) {
                    case SERVER_NO_CONTEXT, CLIENT_NO_CONTEXT ->
                        entry.getValue().isEmpty();
                    case SERVER_BITS -> BITS.contains(entry.getValue());
                    case CLIENT_BITS -> entry.getValue().isEmpty() || BITS.contains(entry.getValue());
                    default -> false;
                });
    }

    /** What a server answered a client's offer. */
    static DeflateTerms accept(final Extension answer, final DeflateContext offered) throws HttpException {
        final boolean legal = answer.name().equals(NAME)
                && !answer.repeats()
                && answer.parameters().entrySet().stream().allMatch(entry -> switch (entry.getKey()) {
                    case SERVER_NO_CONTEXT, CLIENT_NO_CONTEXT ->
                        entry.getValue().isEmpty();
                    case SERVER_BITS, CLIENT_BITS -> BITS.contains(entry.getValue());
                    default -> false;
                })
                && (offered.serverKeepsContext() || answer.parameters().containsKey(SERVER_NO_CONTEXT))
                && bits(answer, SERVER_BITS) <= offered.serverMaxWindowBits();
        if (!legal) {
            throw new HttpException(0, "extension that was not offered so: " + answer);
        }
        return new DeflateTerms(
                !answer.parameters().containsKey(SERVER_NO_CONTEXT),
                offered.clientKeepsContext() && !answer.parameters().containsKey(CLIENT_NO_CONTEXT),
                bits(answer, SERVER_BITS),
                Math.min(offered.clientMaxWindowBits(), bits(answer, CLIENT_BITS)));
    }
}
