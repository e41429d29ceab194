package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.ChannelUri;
import io.millrace.transport.channel.MessageOptions;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AeronUriTest {
    private static final MessageOptions DEFAULTS = new MessageOptions(256 * 1024, 1024 * 1024, 1, () -> 0);
    private static final AeronContext CONTEXT = new AeronContext().conclude();

    private static AeronUri parse(final String uri) {
        return AeronUri.parse(URI.create(uri), 100);
    }

    @Test
    void shouldMakeTermsThatHoldTheLongestMessageAndAWindowOfTheOutboundCapacity() {
        final ChannelUri channel = ChannelUri.parse(parse("aeron:ipc").requestPublication(7, 8, DEFAULTS, CONTEXT));
        assertEquals("2097152", channel.get("term-length"));
        assertEquals("1048576", channel.get("pub-wnd"));
        assertEquals("65504", channel.get("mtu"));
        assertEquals("7", channel.get("session-id"));
        assertEquals("8", channel.get("response-correlation-id"));
        final MessageOptions small = new MessageOptions(1_000, 4 * 1024, 1, () -> 0);
        final ChannelUri least = ChannelUri.parse(parse("aeron:ipc").requestPublication(7, 8, small, CONTEXT));
        assertEquals("65536", least.get("term-length"));
        assertEquals("8192", least.get("mtu"));
        assertEquals("8192", least.get("pub-wnd"));
    }

    @Test
    void shouldAnswerFromThePortBehindTheEndpointsUnlessToldOtherwise() {
        assertEquals("localhost:41", parse("aeron:udp?endpoint=localhost:40").control());
        assertEquals(
                "other:9",
                parse("aeron:udp?endpoint=localhost:40&control=other:9").control());
        assertEquals("[::1]:41", parse("aeron:udp?endpoint=[::1]:40").control());
        final AeronUri real = parse("aeron:udp?endpoint=localhost:0&ttl=3").withPorts(5, 9);
        assertEquals(
                "aeron:udp?control=localhost:9&endpoint=localhost:5&ttl=3",
                real.uri().toString());
        assertEquals(real.control(), parse(real.uri().toString()).control());
        assertTrue(parse("aeron:udp?endpoint=localhost:0").isAnyPort());
        assertFalse(real.isAnyPort());
    }

    @Test
    void shouldKeepThePortThatIsSaidAndFindTheOther() {
        final AeronUri control = parse("aeron:udp?endpoint=localhost:0&control=other:9");
        assertTrue(control.isAnyPort());
        assertEquals(
                "aeron:udp?control=other:9&endpoint=localhost:5",
                control.withPorts(5, 6).uri().toString());
        final AeronUri endpoint = parse("aeron:udp?endpoint=localhost:40&control=other:00");
        assertTrue(endpoint.isAnyPort());
        assertEquals(
                "aeron:udp?control=other:6&endpoint=localhost:40",
                endpoint.withPorts(5, 6).uri().toString());
        assertTrue(parse("aeron:udp?endpoint=localhost:00").isAnyPort());
        assertFalse(parse("aeron:udp?endpoint=localhost:100&control=other:10").isAnyPort());
        assertFalse(parse("aeron:ipc").isAnyPort());
    }

    @Test
    void shouldWriteAUriWhateverItsValuesAre() {
        final AeronUri real =
                parse("aeron:udp?endpoint=localhost:0&alias=a%20b%25").withPorts(5, 9);
        assertEquals(
                "aeron:udp?alias=a%20b%25&control=localhost:9&endpoint=localhost:5",
                real.uri().toString());
        assertEquals(real.knockChannel(), parse(real.uri().toString()).knockChannel());
    }

    private static void shouldRefuse(final String uri, final String fault) {
        final var refused = assertThrows(IllegalArgumentException.class, () -> parse(uri));
        assertEquals(fault + " uri=" + uri, refused.getMessage());
    }

    @Test
    void shouldRefuseWhatIsNoChannel() {
        shouldRefuse("aeron:udp", "malformed channel, want aeron:udp?endpoint=host:port, no endpoint:");
        shouldRefuse("aeron:udp?endpoint=a:1&control=b", "want host:port: control=b");
        shouldRefuse("aeron:udp?endpoint=a:65536", "want host:port: endpoint=a:65536");
        assertFalse(parse("aeron:udp?endpoint=a:65535&control=b:1").isAnyPort());
        shouldRefuse("aeron:udp?role=publish&endpoint=a", "want host:port: endpoint=a");
        shouldRefuse("aeron:udp?role=publish&control=a", "want host:port: control=a");
        shouldRefuse("aeron:udp?role=publish", "no endpoint or control: want host:port:");
        shouldRefuse("aeron:ipc?role=publish&endpoint=a:1", "shared memory has no endpoint:");
        shouldRefuse("aeron:ipc?endpoint=a:1", "shared memory has no endpoint:");
        shouldRefuse("aeron:ipc?control=a:1", "shared memory has no endpoint:");
        shouldRefuse("aeron:ipc?role=both", "want role=publish or role=subscribe: role=both");
        shouldRefuse("aeron:ipc?fc=max", "unknown parameter: parameter=fc=max");
        shouldRefuse("aeron:ipc?role=publish&colour=red", "unknown parameter: parameter=colour=red");
        shouldRefuse("aeron:ipc?mtu=96&mtu=96", "parameter given twice: parameter=mtu");
        shouldRefuse("aeron:ipc?mtu=x", "want bytes, or such as 64k or 1m: mtu=x");
        shouldRefuse("aeron:ipc?mtu=65", "mtu must be a multiple of 32 from 64 to 65504: mtu=65");
        shouldRefuse("aeron:ipc?=x", "malformed channel, want name=value: parameter==x");
    }

    @Test
    void shouldTakeStreamsAndTermsWithinTheirBounds() {
        final String streams = "stream-id must be from 1 to 2147483645: ";
        shouldRefuse("aeron:ipc?stream-id=0", streams + "stream-id=0");
        shouldRefuse("aeron:ipc?stream-id=2147483646", streams + "stream-id=2147483646");
        shouldRefuse("aeron:ipc?stream-id=x", streams + "stream-id=x");
        assertEquals(1, parse("aeron:ipc?stream-id=1").streamId());
        final AeronUri last = parse("aeron:ipc?stream-id=2147483645");
        assertEquals(
                List.of(2_147_483_645, 2_147_483_646, 2_147_483_647),
                List.of(last.knockStream(), last.requestStream(), last.responseStream()));
        final String terms = "term-length must be a power of two from 65536 to 1073741824: ";
        shouldRefuse("aeron:ipc?term-length=32k", terms + "term-length=32k");
        shouldRefuse("aeron:ipc?term-length=2g", terms + "term-length=2g");
        shouldRefuse("aeron:ipc?term-length=96k", terms + "term-length=96k");
        for (final String length : new String[] {"65536", "1073741824"}) {
            final String channel = parse("aeron:ipc?term-length=" + length).publication(DEFAULTS, CONTEXT);
            assertEquals(length, ChannelUri.parse(channel).get("term-length"));
        }
    }

    @Test
    void shouldCarryMessagesOfAnEighthOfATermAndOf16MiBAtMost() {
        final MessageOptions eighth = new MessageOptions(8 * 1024, 4 * 1024, 1, () -> 0);
        parse("aeron:ipc?term-length=64k").check(eighth);
        final MessageOptions more = new MessageOptions(8 * 1024 + 1, 4 * 1024, 1, () -> 0);
        assertEquals(
                "a term carries messages up to an eighth of its length, and up to 16777216 bytes: "
                        + "maxMessageLength=8193 term-length=65536 uri=aeron:ipc?term-length=64k",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> parse("aeron:ipc?term-length=64k").check(more))
                        .getMessage());
        parse("aeron:ipc").check(new MessageOptions(16 * 1024 * 1024, 1024, 1, () -> 0));
        final MessageOptions most = new MessageOptions(16 * 1024 * 1024 + 1, 1024, 1, () -> 0);
        assertThrows(IllegalArgumentException.class, () -> parse("aeron:ipc").check(most));
        final MessageOptions roomy = new MessageOptions(1_000, 100_000, 1, () -> 0);
        assertEquals(100_000, parse("aeron:ipc").window(roomy, CONTEXT));
        assertEquals(32 * 1024, parse("aeron:ipc?term-length=64k").window(roomy, CONTEXT));
        final String channel = parse("aeron:ipc").publication(roomy, CONTEXT);
        assertEquals("262144", ChannelUri.parse(channel).get("term-length"));
    }

    @Test
    void shouldMakeAChannelForEachStream() {
        final AeronUri uri = parse("aeron:udp?endpoint=a:40&ttl=3");
        assertFalse(uri.isIpc());
        assertEquals("a:40", uri.claim());
        assertEquals("aeron:udp?endpoint=a:40|ttl=3", uri.knockChannel());
        assertEquals("aeron:udp?endpoint=a:40|ttl=3|term-length=65536|mtu=1408", uri.knockPublication());
        assertEquals("aeron:udp?endpoint=a:40|ttl=3|session-id=-5", uri.requestSubscription(-5));
        assertEquals("aeron:udp?control=a:41|ttl=3|control-mode=response", uri.responseSubscription());
        assertEquals(
                "aeron:udp?control=a:41|ttl=3|control-mode=response|term-length=65536|mtu=1408"
                        + "|response-correlation-id=prototype",
                uri.prototypePublication());
        assertEquals(
                "aeron:udp?control=a:41|ttl=3|control-mode=response|term-length=2097152|mtu=1408|pub-wnd=1048576"
                        + "|response-correlation-id=6",
                uri.responsePublication("6", DEFAULTS, CONTEXT));
        final AeronUri ipc = parse("aeron:ipc");
        assertTrue(ipc.isIpc());
        assertEquals("ipc", ipc.claim());
        assertEquals("aeron:ipc", ipc.knockChannel());
        assertEquals("aeron:ipc?control-mode=response", ipc.responseSubscription());
        assertEquals(AeronUri.Role.CONNECTION, ipc.role());
        assertEquals(AeronUri.Role.PUBLISH, parse("aeron:ipc?role=publish").role());
        assertEquals(AeronUri.Role.SUBSCRIBE, parse("aeron:ipc?role=subscribe").role());
    }

    @Test
    void shouldTellTheAddressesThatItListensAt() {
        final AeronUri uri = parse("aeron:udp?endpoint=[::1]:40&control=127.0.0.1:50");
        assertEquals("/[0:0:0:0:0:0:0:1]:40", uri.address().toString());
        assertEquals("/127.0.0.1:50", uri.controlAddress().toString());
        assertEquals(
                "/127.0.0.1:40",
                parse("aeron:udp?endpoint=127.0.0.1:40").controlAddress().toString());
    }

    /** Aeron would take them for false, or for nothing. */
    @ParameterizedTest
    @CsvSource({
        "tether=yes, want false or true",
        "rejoin=x, want false or true",
        "eos=TRUE, want false or true",
        "reliable=1, want false or true",
        "sparse=maybe, want false or true",
        "group=x, want false or infer or true",
        "control-mode=manual, want dynamic",
        "ttl=abc, want 0 to 255",
        "ttl=256, want 0 to 255",
        "ttl=-1, want 0 to 255",
        "max-resend=257, want 1 to 256",
        "max-resend=0, want 1 to 256",
        "rcv-wnd=xyz, 'want bytes, or such as 64k or 1m'",
        "so-rcvbuf=x, 'want bytes, or such as 64k or 1m'",
        "so-sndbuf=2g, want less than 2g",
        "linger=-5s, 'want a time, such as 5s or 200us'",
        "nak-delay=x, 'want a time, such as 5s or 200us'",
        "untethered-resting-timeout=1x, 'want a time, such as 5s or 200us'"
    })
    void shouldSayWhatAValueMayBe(final String parameter, final String want) {
        final String uri = "aeron:udp?endpoint=localhost:40&role=subscribe&" + parameter;
        final var refused = assertThrows(IllegalArgumentException.class, () -> parse(uri));
        assertEquals(want + ": " + parameter + " uri=" + uri, refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tether=true",
                "rejoin=false",
                "group=infer",
                "control-mode=dynamic",
                "ttl=0",
                "ttl=255",
                "max-resend=256",
                "rcv-wnd=64k",
                "so-sndbuf=2147483647",
                "linger=0s",
                "nak-delay=200us",
                "alias=anything",
                "cc=cubic",
                "fc=tagged,g:1"
            })
    void shouldTakeWhatAeronTakes(final String parameter) {
        final String uri = "aeron:udp?endpoint=localhost:40&role=publish&" + parameter;
        assertTrue(parse(uri).publication(DEFAULTS, CONTEXT).contains(parameter));
    }

    @Test
    void shouldWriteTheAddressOfARoleAsAeronHasIt() {
        assertEquals(
                "aeron:udp?endpoint=localhost:40|stream-id=9",
                parse("aeron:udp?endpoint=localhost:40&role=publish&stream-id=9")
                        .roleAddress()
                        .toString());
        assertEquals("aeron:ipc?stream-id=100", parse("aeron:ipc").ipcAddress().toString());
    }

    @Test
    void shouldPassOnWhatIsAeronsAndTakeItsOwnSeparator() {
        final AeronUri uri = parse("AERON:UDP?endpoint=localhost:40%7Crcv-wnd=256k%7Cstream-id=9");
        assertEquals(9, uri.knockStream());
        assertEquals("aeron:udp?endpoint=localhost:40|rcv-wnd=256k", uri.knockChannel());
        assertEquals(100, parse("aeron:ipc").knockStream());
    }
}
