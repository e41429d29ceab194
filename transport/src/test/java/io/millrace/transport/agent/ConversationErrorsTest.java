package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Conversation;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.frame.LengthPrefixProtocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A conversation is somebody else's code: whatever it throws, its connection ends, once. */
class ConversationErrorsTest {
    private enum Call {
        BEGIN,
        OPENING,
        POLL,
        FAIL,
        FAREWELL,
        LEAVE,
        END
    }

    private final FakeChannel channel = new FakeChannel();
    private final TransportCounters counters = new TransportCounters();
    private final List<CloseReport> reports = new ArrayList<>();
    private final Set<Call> broken = EnumSet.noneOf(Call.class);
    private final RuntimeException error = new IllegalStateException("deliberate");
    private long nowNs;
    private RuntimeException handlerError;
    private ConnectionAgent agent;

    private void call(final Call call) {
        if (broken.contains(call)) {
            throw error;
        }
    }

    private final class Broken implements Conversation {
        @Override
        public List<Protocol> forms() {
            return List.of(new LengthPrefixProtocol(512));
        }

        @Override
        public boolean isControl(final int form) {
            return false;
        }

        @Override
        public void begin(final Link link) {
            call(Call.BEGIN);
        }

        @Override
        public ByteBuffer opening() {
            call(Call.OPENING);
            return ByteBuffer.allocate(0);
        }

        @Override
        public int open(final ByteBuffer source, final int offset, final int limit) {
            return 0;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public Optional<ProtocolException> refusal() {
            return Optional.empty();
        }

        @Override
        public void leave() {
            call(Call.LEAVE);
        }

        @Override
        public void fail(final CloseReason reason) {
            call(Call.FAIL);
        }

        @Override
        public ByteBuffer farewell() {
            call(Call.FAREWELL);
            return ByteBuffer.allocate(1);
        }

        @Override
        public boolean isPeerEnded() {
            return false;
        }

        @Override
        public boolean leavesEndToPeer() {
            return false;
        }

        @Override
        public int poll() {
            call(Call.POLL);
            return 0;
        }

        @Override
        public void end() {
            call(Call.END);
        }
    }

    private void start() {
        final Conversation conversation = new Broken();
        final ConnectionHandler handler = new ConnectionHandler() {
            @Override
            public Optional<Conversation> conversation() {
                return Optional.of(conversation);
            }

            @Override
            public void onMessage(
                    final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
                if (handlerError != null) {
                    throw handlerError;
                }
            }

            @Override
            public void onClose(final Connection connection, final CloseReport report) {
                reports.add(report);
            }
        };
        agent = new ConnectionAgent(
                1,
                () -> nowNs,
                new ConnectionContext()
                        .closeTimeoutNs(TimeUnit.SECONDS.toNanos(1))
                        .conclude(),
                new LengthPrefixProtocol(512),
                counters,
                new BufferPool(),
                channel,
                Optional.empty(),
                handler,
                ended -> {});
        agent.onStart();
        LeakCheck.afterTest(agent::onClose);
    }

    private void turn() {
        int turns = 0;
        while (reports.isEmpty() && agent.doWork() > 0) {
            assertTrue(++turns < 100, "the agent spins");
        }
    }

    private CloseReport ended() {
        turn();
        nowNs += TimeUnit.SECONDS.toNanos(1);
        turn();
        assertEquals(1, reports.size());
        assertTrue(channel.closed);
        assertTrue(agent.connection().closed().toCompletableFuture().isDone());
        return reports.get(0);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEGIN", "OPENING", "POLL"})
    @Logs("an internal error, for what a conversation throws in its turn is not the handler's")
    void shouldEndTheConnectionWhenATurnThrows(final Call call) {
        broken.add(call);
        start();
        assertEquals(CloseReason.INTERNAL_ERROR, ended().reason());
        assertSame(error, reports.get(0).firstError().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndOnceWhenTheEndThrows(final boolean now) {
        broken.add(Call.END);
        start();
        turn();
        if (now) {
            agent.connection().closeNow();
        } else {
            channel.inputEnded = true;
        }
        assertEquals(now ? CloseReason.LOCAL_ABORT : CloseReason.TRUNCATED, ended().reason());
        assertEquals(1, counters.handlerErrors());
    }

    @Test
    void shouldEndForTheHandlersErrorWhenTheConversationCannotBeToldOfIt() {
        broken.addAll(EnumSet.of(Call.FAIL, Call.END));
        handlerError = new IllegalArgumentException("the first one");
        start();
        channel.receive(ConnectionRig.frames(1));
        assertEquals(CloseReason.HANDLER_ERROR, ended().reason());
        assertSame(handlerError, reports.get(0).firstError().orElseThrow());
    }

    @Test
    void shouldCloseWhenTheConversationCannotTakeItsLeave() {
        broken.add(Call.LEAVE);
        start();
        turn();
        agent.leave();
        assertTrue(agent.connection().isClosed());
        ended();
        assertEquals(1, counters.handlerErrors());
    }

    @Test
    @Logs("an internal error, for what a conversation throws in its turn is not the handler's")
    void shouldEndWhenThereIsNoFarewell() {
        broken.add(Call.FAREWELL);
        start();
        turn();
        agent.connection().close();
        assertEquals(CloseReason.INTERNAL_ERROR, ended().reason());
    }
}
