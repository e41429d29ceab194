package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.tls.ProbeSides;
import io.millrace.transport.tls.TlsEngineDriver;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TlsPipeTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int ROOM = 100_000;

    private final FakeChannel channel = new FakeChannel();

    private static ByteBuffer answer(final TlsEngineDriver server, final byte[] sent) throws Exception {
        final ByteBuffer wire = ByteBuffer.wrap(sent);
        final ByteBuffer answer = ByteBuffer.allocate(ROOM);
        server.unwrap(wire, ByteBuffer.allocate(ROOM));
        server.wrap(answer);
        return answer.flip();
    }

    @Test
    void shouldSleepWithoutBuffersWhenItHasRested() throws Exception {
        final ProbeSides sides = new ProbeSides();
        final TlsEngineDriver server = sides.server().begin();
        final TlsPipe pipe = new TlsPipe(channel, sides.client());
        pipe.begin();
        assertFalse(pipe.handshake());
        channel.receive(answer(server, channel.written.toByteArray()));
        assertTrue(pipe.handshake());
        pipe.beforeSleep();
        assertTrue(pipe.isHolding(), "messages may come one by one: each would make it anew");

        assertTrue(pipe.rest());
        assertEquals(0, pipe.receive(ByteBuffer.allocate(ROOM)));
        assertTrue(pipe.isHolding());
        pipe.beforeSleep();

        assertFalse(pipe.isHolding());
    }

    /** It must leave the turn, or its thread would see neither a deadline nor an abort. */
    @Test
    void shouldLeaveTheHandshakeWhenThePeerReadsNothing() {
        assertTimeoutPreemptively(DEADLINE, () -> {
            final ProbeSides sides = new ProbeSides();
            final TlsEngineDriver server = sides.server().begin();
            final TlsPipe pipe = new TlsPipe(channel, sides.client());
            pipe.begin();
            assertFalse(pipe.handshake());
            channel.receive(answer(server, channel.written.toByteArray()));
            channel.written.reset();
            channel.writeLimit = 0;
            assertFalse(pipe.handshake());
            assertFalse(pipe.handshake());

            channel.writeLimit = Integer.MAX_VALUE;
            assertTrue(pipe.handshake());
            answer(server, channel.written.toByteArray());
            assertTrue(server.isHandshakeDone());
        });
    }
}
