package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.ProxyInfo;
import io.millrace.transport.channel.proxy.ProxyChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyChannelTest {
    private static final byte[] STREAM =
            "PROXY TCP4 192.0.2.1 192.0.2.2 5 6\r\nand what follows".getBytes(StandardCharsets.US_ASCII);
    private static final String FOLLOWS = "and what follows";

    private final FakeChannel socket = new FakeChannel();
    private final List<ProxyInfo> infos = new ArrayList<>();
    private long nowNs = Long.MAX_VALUE - 10;
    private final ProxyChannel channel = new ProxyChannel(socket, () -> nowNs, 100, infos::add);

    private static String readAll(final ProxyChannel channel, final int atOnce) throws IOException {
        final StringBuilder text = new StringBuilder();
        final ByteBuffer target = ByteBuffer.allocate(atOnce);
        while (channel.read(target.clear()) > 0) {
            text.append(StandardCharsets.US_ASCII.decode(target.flip()));
        }
        return text.toString();
    }

    @Test
    void shouldLoseNoByteWhereverTheStreamIsCut() throws IOException {
        for (int cut = 0; cut <= STREAM.length; cut++) {
            for (int atOnce = 1; atOnce < 20; atOnce += 6) {
                final FakeChannel peer = new FakeChannel();
                final ProxyChannel cutChannel = new ProxyChannel(peer, () -> nowNs, 100, infos::add);
                peer.receive(ByteBuffer.wrap(STREAM, 0, cut));
                final boolean whole = cutChannel.finishConnect();
                assertEquals(cut >= STREAM.length - FOLLOWS.length(), whole);
                final String first = whole ? readAll(cutChannel, atOnce) : "";
                peer.receive(ByteBuffer.wrap(STREAM, cut, STREAM.length - cut));
                assertTrue(cutChannel.finishConnect());
                assertEquals(FOLLOWS, first + readAll(cutChannel, atOnce), "cut=" + cut);
            }
        }
    }

    @Test
    void shouldHaveTheAddressesOfTheHeader() throws IOException {
        socket.receive(ByteBuffer.wrap(STREAM));
        assertTrue(channel.finishConnect());
        assertTrue(channel.finishConnect());
        assertEquals("/192.0.2.1:5", channel.remoteAddress().toString());
        assertEquals("/192.0.2.2:6", channel.localAddress().toString());
        assertEquals(1, infos.size());
        assertEquals(channel.remoteAddress(), infos.get(0).source().orElseThrow());
    }

    @Test
    void shouldHaveTheSocketsAddressesWhenTheProxyDoesNotKnow() throws IOException {
        socket.receive(ByteBuffer.wrap("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertTrue(channel.finishConnect());
        assertEquals(socket.remoteAddress(), channel.remoteAddress());
        assertTrue(infos.get(0).source().isEmpty());
    }

    @Test
    void shouldEndWhenTheHeaderIsNotThereInTime() throws IOException {
        socket.receive(ByteBuffer.wrap(STREAM, 0, 10));
        nowNs += 99;
        assertFalse(channel.finishConnect());
        nowNs += 1;
        final ProtocolException failure = assertThrows(ProtocolException.class, channel::finishConnect);
        assertEquals(CloseReason.PROXY_TIMEOUT, failure.reason());
        assertTrue(failure.getMessage().contains("ns=100 bytes=10"), failure.getMessage());
    }

    @Test
    void shouldEndWhenTheStreamEndsInsideTheHeader() {
        socket.receive(ByteBuffer.wrap(STREAM, 0, 10));
        socket.inputEnded = true;
        final ProtocolException failure = assertThrows(ProtocolException.class, channel::finishConnect);
        assertEquals(CloseReason.PROXY_HEADER, failure.reason());
        assertTrue(failure.getMessage().contains("bytes=10"), failure.getMessage());
    }
}
