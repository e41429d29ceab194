package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.ChannelUri;
import io.millrace.transport.channel.MessageOptions;
import java.net.URI;
import org.junit.jupiter.api.Test;

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

    @Test
    void shouldPassOnWhatIsAeronsAndTakeItsOwnSeparator() {
        final AeronUri uri = parse("AERON:UDP?endpoint=localhost:40%7Crcv-wnd=256k%7Cstream-id=9");
        assertEquals(9, uri.knockStream());
        assertEquals("aeron:udp?endpoint=localhost:40|rcv-wnd=256k", uri.knockChannel());
        assertEquals(100, parse("aeron:ipc").knockStream());
    }
}
