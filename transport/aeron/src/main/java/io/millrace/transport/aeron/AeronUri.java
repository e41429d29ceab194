package io.millrace.transport.aeron;

import io.millrace.transport.channel.MessageOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.SystemUtil;

/**
 * A URI of ours, and the channels of Aeron's that come of it. Immutable.
 *
 * <p>A connection has three streams: one to knock on, which belongs to the listener; one to the server and one back, which
 * have a session of their own for each connection.
 */
final class AeronUri {
    private static final Pattern FORM = Pattern.compile("aeron:(ipc|udp)(?:\\?(.*))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[^\\]]+\\]|[^:\\[\\]]+):(\\d{1,5})");
    private static final int MOST_PORTS = 65_535;
    private static final int LEAST_TERM = 64 * 1024;
    private static final int MOST_TERM = 1 << 30;
    private static final int MESSAGES_OF_A_TERM = 8;
    private static final int LEAST_KNOCK_MTU = 1408;
    private static final int LONGEST_MESSAGE = 16 * 1024 * 1024;

    /** Understood here. */
    private static final Set<String> OURS = Set.of("endpoint", "control", "role", "stream-id", "term-length", "mtu");

    /** Passed on to Aeron as they are, for publishers and subscribers only. */
    private static final Set<String> OF_ROLES = Set.of(
            "control-mode",
            "eos",
            "fc",
            "group",
            "gtag",
            "rejoin",
            "reliable",
            "tether",
            "untethered-linger-timeout",
            "untethered-resting-timeout",
            "untethered-window-limit-timeout");

    /** Passed on to Aeron as they are. */
    private static final Set<String> AERONS = Set.of(
            "alias",
            "cc",
            "interface",
            "linger",
            "max-resend",
            "nak-delay",
            "rcv-wnd",
            "so-rcvbuf",
            "so-sndbuf",
            "sparse",
            "ttl");

    private final URI uri;
    private final boolean ipc;
    private final Map<String, String> parameters;
    private final int streamId;

    private AeronUri(
            final URI uri, final boolean ipc, final Map<String, String> parameters, final int defaultStreamId) {
        this.uri = uri;
        this.ipc = ipc;
        this.parameters = parameters;
        streamId = parameters.containsKey("stream-id")
                ? (int) number("stream-id", 1, Integer.MAX_VALUE - 2L)
                : defaultStreamId;
        if (role() != Role.CONNECTION) {
            checkRole();
        } else if (!ipc) {
            final String endpoint = required("endpoint");
            checkHostAndPort("endpoint", endpoint);
            if (parameters.containsKey("control")) {
                checkHostAndPort("control", parameters.get("control"));
            }
        } else if (parameters.containsKey("endpoint") || parameters.containsKey("control")) {
            throw new IllegalArgumentException("shared memory has no endpoint: uri=" + uri);
        }
        if (parameters.containsKey("term-length")) {
            termLength();
        }
        parameters.forEach((name, value) -> {
            final String fault = AeronParameters.fault(name, value);
            if (fault != null) {
                throw new IllegalArgumentException(fault + ": " + name + "=" + value + " uri=" + uri);
            }
        });
        if (parameters.containsKey("mtu")) {
            final long mtu = size("mtu");
            try {
                AeronContext.mtu("mtu", mtu);
            } catch (final IllegalArgumentException ex) {
                throw new IllegalArgumentException(ex.getMessage() + " uri=" + uri, ex);
            }
        }
    }

    static AeronUri parse(final URI uri, final int defaultStreamId) {
        final Matcher form = FORM.matcher(uri.getScheme() + ":" + uri.getSchemeSpecificPart());
        if (!uri.isOpaque() || !form.matches()) {
            throw new IllegalArgumentException(
                    "malformed channel, want aeron:ipc or aeron:udp?endpoint=host:port: uri=" + uri);
        }
        final Map<String, String> parameters = new TreeMap<>();
        final String text = form.group(2) == null ? "" : form.group(2);
        for (final String pair : text.split("[&|]", -1)) {
            final String[] parts = pair.split("=", -1);
            final boolean none = text.isEmpty();
            if (!none && (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty())) {
                throw new IllegalArgumentException(
                        "malformed channel, want name=value: parameter=" + pair + " uri=" + uri);
            }
            if (!none && !isKnown(parts[0], text)) {
                throw new IllegalArgumentException("unknown parameter: parameter=" + pair + " uri=" + uri);
            }
            if (!none && parameters.put(parts[0], parts[1]) != null) {
                throw new IllegalArgumentException("parameter given twice: parameter=" + parts[0] + " uri=" + uri);
            }
        }
        return new AeronUri(uri, form.group(1).equalsIgnoreCase("ipc"), parameters, defaultStreamId);
    }

    private static boolean isKnown(final String name, final String text) {
        return OURS.contains(name) || AERONS.contains(name) || (text.contains("role=") && OF_ROLES.contains(name));
    }

    private void checkRole() {
        final boolean has = parameters.containsKey("endpoint") || parameters.containsKey("control");
        if (ipc == has) {
            throw new IllegalArgumentException(
                    (ipc ? "shared memory has no endpoint" : "no endpoint or control: want host:port") + ": uri="
                            + uri);
        }
        for (final String name : new String[] {"endpoint", "control"}) {
            if (parameters.containsKey(name)) {
                checkHostAndPort(name, parameters.get(name));
            }
        }
    }

    /** What a URI is for. */
    enum Role {
        CONNECTION,
        PUBLISH,
        SUBSCRIBE
    }

    Role role() {
        return switch (parameters.getOrDefault("role", "")) {
            case "" -> Role.CONNECTION;
            case "publish" -> Role.PUBLISH;
            case "subscribe" -> Role.SUBSCRIBE;
            default ->
                throw new IllegalArgumentException(
                        "want role=publish or role=subscribe: role=" + parameters.get("role") + " uri=" + uri);
        };
    }

    /** The one stream of a publisher and its subscribers. */
    int streamId() {
        return streamId;
    }

    private String required(final String name) {
        final String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "malformed channel, want aeron:udp?endpoint=host:port, no " + name + ": uri=" + uri);
        }
        return value;
    }

    private void checkHostAndPort(final String name, final String value) {
        final Matcher matcher = HOST_AND_PORT.matcher(value);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MOST_PORTS) {
            throw new IllegalArgumentException("want host:port: " + name + "=" + value + " uri=" + uri);
        }
    }

    private long number(final String name, final long least, final long most) {
        try {
            final long value = Long.parseLong(parameters.get(name));
            if (value >= least && value <= most) {
                return value;
            }
        } catch (final NumberFormatException ex) {
            // The same sentence says it.
        }
        throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ": " + name + "="
                + parameters.get(name) + " uri=" + uri);
    }

    private long size(final String name) {
        try {
            return SystemUtil.parseSize(name, parameters.get(name));
        } catch (final NumberFormatException ex) {
            throw new IllegalArgumentException(
                    "want bytes, or such as 64k or 1m: " + name + "=" + parameters.get(name) + " uri=" + uri, ex);
        }
    }

    private int termLength() {
        final long length = size("term-length");
        if (length < LEAST_TERM || length > MOST_TERM || Long.bitCount(length) != 1) {
            throw new IllegalArgumentException("term-length must be a power of two from " + LEAST_TERM + " to "
                    + MOST_TERM + ": term-length=" + parameters.get("term-length") + " uri=" + uri);
        }
        return (int) length;
    }

    boolean isIpc() {
        return ipc;
    }

    URI uri() {
        return uri;
    }

    // ---- streams ----

    int knockStream() {
        return streamId;
    }

    int requestStream() {
        return streamId + 1;
    }

    int responseStream() {
        return streamId + 2;
    }

    // ---- addresses ----

    /** Whether a listener is to find a free port. */
    boolean isAnyPort() {
        return !ipc && (port() == 0 || (parameters.containsKey("control") && portOf(control()) == 0));
    }

    String endpoint() {
        return parameters.get("endpoint");
    }

    private static String hostOf(final String hostAndPort) {
        return hostAndPort.substring(0, hostAndPort.lastIndexOf(':'));
    }

    private static int portOf(final String hostAndPort) {
        return Integer.parseInt(hostAndPort.substring(hostAndPort.lastIndexOf(':') + 1));
    }

    private String host() {
        return hostOf(endpoint());
    }

    private int port() {
        return portOf(endpoint());
    }

    /** Where the server answers from: unless the URI says so, the port behind the endpoint's. */
    String control() {
        return parameters.getOrDefault("control", host() + ":" + (port() + 1));
    }

    InetSocketAddress address() {
        return address(endpoint());
    }

    InetSocketAddress controlAddress() {
        return address(parameters.getOrDefault("control", endpoint()));
    }

    private static InetSocketAddress address(final String hostAndPort) {
        return new InetSocketAddress(hostOf(hostAndPort).replaceAll("[\\[\\]]", ""), portOf(hostAndPort));
    }

    AeronAddress ipcAddress() {
        return new AeronAddress("aeron:ipc", streamId);
    }

    /** The same with real ports where there are none, but what says its port keeps it. */
    AeronUri withPorts(final int freePort, final int freeControlPort) {
        final String given = parameters.getOrDefault("control", host() + ":0");
        final Map<String, String> changed = new TreeMap<>(parameters);
        changed.put("endpoint", host() + ":" + (port() == 0 ? freePort : port()));
        changed.put("control", hostOf(given) + ":" + (portOf(given) == 0 ? freeControlPort : portOf(given)));
        final String text = changed.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("&"));
        try {
            // Quotes what a value may have and a URI may not.
            return new AeronUri(new URI("aeron", "udp?" + text, null), false, changed, streamId);
        } catch (final URISyntaxException ex) {
            throw new IllegalArgumentException("malformed channel: uri=" + uri, ex);
        }
    }

    // ---- channels of Aeron's ----

    /** What only one listener on one driver may have, with its streams; under another name the port is in use. */
    String claim() {
        return ipc ? "ipc" : endpoint();
    }

    String knockChannel() {
        return channel(endpointPart(), passedOn());
    }

    /** A word or two from each client takes no large term. */
    String knockPublication() {
        return channel(endpointPart(), passedOn(), "term-length=" + LEAST_TERM, "mtu=" + LEAST_KNOCK_MTU);
    }

    String requestSubscription(final int sessionId) {
        return channel(endpointPart(), passedOn(), "session-id=" + sessionId);
    }

    String requestPublication(
            final int sessionId, final long responseId, final MessageOptions options, final AeronContext context) {
        return channel(
                endpointPart(),
                passedOn(),
                sizes(options, context),
                "session-id=" + sessionId,
                "response-correlation-id=" + responseId);
    }

    String responseSubscription() {
        return channel(controlPart(), passedOn(), "control-mode=response");
    }

    String responsePublication(final String imageId, final MessageOptions options, final AeronContext context) {
        return channel(
                controlPart(),
                passedOn(),
                "control-mode=response",
                sizes(options, context),
                "response-correlation-id=" + imageId);
    }

    /**
     * Of a response that nobody has asked for. The driver gives it the shortest term whatever it is asked for, and holds what it
     * is asked for the next time against that.
     */
    String prototypePublication() {
        return channel(
                controlPart(),
                passedOn(),
                "control-mode=response",
                "term-length=" + LEAST_TERM,
                "mtu=" + LEAST_KNOCK_MTU,
                "response-correlation-id=prototype");
    }

    String publication(final MessageOptions options, final AeronContext context) {
        return channel(passedOnOfRole(), sizes(options, context));
    }

    String subscription() {
        return channel(passedOnOfRole());
    }

    AeronAddress roleAddress() {
        return new AeronAddress(subscription(), streamId);
    }

    private String endpointPart() {
        return ipc ? "" : "endpoint=" + endpoint();
    }

    private String controlPart() {
        return ipc ? "" : "control=" + control();
    }

    private String passedOn() {
        return given(AERONS::contains);
    }

    private String passedOnOfRole() {
        return given(name -> !OURS.contains(name) || name.equals("endpoint") || name.equals("control"));
    }

    private String given(final Predicate<String> names) {
        return parameters.entrySet().stream()
                .filter(entry -> names.test(entry.getKey()))
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("|"));
    }

    private String channel(final String... parts) {
        final String text = Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining("|"));
        return (ipc ? "aeron:ipc" : "aeron:udp") + (text.isEmpty() ? "" : "?" + text);
    }

    /** Terms that hold the longest message, and a window as large as the outbound capacity. */
    private String sizes(final MessageOptions options, final AeronContext context) {
        return "term-length=" + termLength(options) + "|mtu=" + mtu(options, context) + "|pub-wnd="
                + window(options, context);
    }

    private int mtu(final MessageOptions options, final AeronContext context) {
        final int wanted;
        if (parameters.containsKey("mtu")) {
            wanted = (int) size("mtu");
        } else {
            wanted = ipc ? context.ipcMtuLength() : context.mtuLength();
        }
        return Math.min(wanted, termLength(options) / MESSAGES_OF_A_TERM);
    }

    /** Bytes that senders may be ahead of the peer. */
    int window(final MessageOptions options, final AeronContext context) {
        return Math.max(mtu(options, context), Math.min(options.outboundCapacity(), termLength(options) / 2));
    }

    private int termLength(final MessageOptions options) {
        final long wanted =
                Math.max((long) MESSAGES_OF_A_TERM * options.maxMessageLength(), 2L * options.outboundCapacity());
        return parameters.containsKey("term-length")
                ? termLength()
                : (int) Math.min(MOST_TERM, Math.max(LEAST_TERM, nextPowerOfTwo(wanted)));
    }

    private static long nextPowerOfTwo(final long value) {
        return 2 * Long.highestOneBit(value - 1);
    }

    /** Whether messages of that length can be carried. */
    void check(final MessageOptions options) {
        final int longest = Math.min(LONGEST_MESSAGE, termLength(options) / MESSAGES_OF_A_TERM);
        if (options.maxMessageLength() > longest) {
            throw new IllegalArgumentException("a term carries messages up to an eighth of its length, and up to "
                    + LONGEST_MESSAGE + " bytes: maxMessageLength=" + options.maxMessageLength() + " term-length="
                    + termLength(options) + " uri=" + uri);
        }
    }
}
