package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.ChannelUri;
import io.millrace.transport.channel.MessageOptions;
import java.net.URI;
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
