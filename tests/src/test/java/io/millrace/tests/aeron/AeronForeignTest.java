package io.millrace.tests.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FrameDescriptor;
import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Listener;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.aeron.AeronContext;
import io.millrace.transport.aeron.AeronScheme;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Peers that are none of ours say what they like: their own connection ends for a reason, and nobody else's does. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AeronForeignTest {
    private static final URI IPC = URI.create("aeron:ipc");

    @TempDir
    private Path folder;

    private static final class Hearing implements ConnectionHandler {
        final Queue<String> heard = new ConcurrentLinkedQueue<>();
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

        @Override
        public void onPeerEnd(final Connection connection) {
            heard.add("end");
        }

        @Override
        public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {
            heard.add("message of " + length);
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            closed.complete(report);
        }

        CloseReport awaitClose() throws Exception {
            return closed.get(Peers.DEADLINE_S, TimeUnit.SECONDS);
        }
    }

    private Path driver() {
        return folder.resolve("driver");
    }

    private Transport transport() {
        return new Transport(new TransportContext()
                .connectionContext(new ConnectionContext().allowHalfOpen(true))
                .messageScheme(
                        new AeronScheme(new AeronContext().directory(driver()).embeddedDriver(true))));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("a word without its content", ForeignPeer.STATE, ForeignPeer.bytes(0)),
                Arguments.of("a word cut short", ForeignPeer.STATE, ForeignPeer.bytes(15)),
                Arguments.of("a batch cut in a length", ForeignPeer.BATCH, ForeignPeer.bytes(3)),
                Arguments.of(
                        "a batch longer than itself",
                        ForeignPeer.BATCH,
                        ForeignPeer.bytes(8).putInt(0, 5)),
                Arguments.of(
                        "a batch of less than nothing",
                        ForeignPeer.BATCH,
                        ForeignPeer.bytes(8).putInt(0, -1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void shouldEndTheConnectionOfAPeerThatIsNotWellFormed(final String what, final int kind, final ByteBuffer content)
            throws Exception {
        final Hearing hearing = new Hearing();
        try (Transport transport = transport()) {
            transport.listen(IPC, () -> hearing);
            try (ForeignPeer peer = new ForeignPeer(driver()).open()) {
                peer.say(kind, content);
                final CloseReport report = hearing.awaitClose();
                assertEquals(CloseReason.BAD_LENGTH, report.reason(), report::toString);
                assertEquals(List.of(), List.copyOf(hearing.heard));
            }
            shouldStillServe(transport);
        }
    }

    private static void shouldStillServe(final Transport transport) throws Exception {
        final Connection connection = transport.connect(IPC, new Hearing()).get(Peers.DEADLINE_S, TimeUnit.SECONDS);
        assertTrue(Peers.offer(connection, ByteBuffer.allocate(10)) > 0);
    }

    @Test
    void shouldHearNothingBehindThePeersEnd() throws Exception {
        final Hearing hearing = new Hearing();
        try (Transport transport = transport()) {
            transport.listen(IPC, () -> hearing);
            try (ForeignPeer peer = new ForeignPeer(driver()).open()) {
                peer.say(0, ForeignPeer.bytes(9));
                peer.say(ForeignPeer.STATE, ForeignPeer.state(ForeignPeer.ENDED, 0));
                peer.say(0, ForeignPeer.bytes(10));
                peer.say(ForeignPeer.BATCH, ForeignPeer.bytes(8).putInt(0, 4));
                peer.say(ForeignPeer.STATE, ForeignPeer.state(ForeignPeer.STOPPED, 0));
                hearing.awaitClose();
                final Queue<Long> told = new ConcurrentLinkedQueue<>();
                peer.responses.poll(
                        (buffer, offset, length, header) -> {
                            if (header.reservedValue() == ForeignPeer.reserved(ForeignPeer.STATE)) {
                                told.add(buffer.getLong(offset + 8));
                            }
                        },
                        10);
                assertEquals(List.of("message of 9", "end"), List.copyOf(hearing.heard));
                assertEquals(
                        List.of(), told.stream().filter(taken -> taken != 1).toList());
                assertFalse(told.isEmpty());
            }
        }
    }

    /** Who has ended its stream is to hear all the same: if it dies instead, nothing else would tell. */
    @Test
    void shouldNoticeThatAPeerDiesThatHasEndedItsStream() throws Exception {
        final Hearing hearing = new Hearing();
        try (Transport transport = transport()) {
            transport.listen(IPC, () -> hearing);
            try (ForeignPeer peer = new ForeignPeer(driver()).open()) {
                peer.say(ForeignPeer.STATE, ForeignPeer.state(ForeignPeer.ENDED, 0));
                Await.until(() -> hearing.heard.contains("end"));
                assertFalse(hearing.closed.isDone());
            }
            assertEquals(CloseReason.PEER_RESET, hearing.awaitClose().reason());
        }
    }

    /** Else its messages would be taken twice, by two handlers. */
    @Test
    void shouldServeASessionOnceThoughAnotherKnocksWithItsNumber() throws Exception {
        final List<Hearing> all = new CopyOnWriteArrayList<>();
        try (Transport transport = transport()) {
            final Listener listener = transport.listen(IPC, () -> {
                all.add(new Hearing());
                return all.get(all.size() - 1);
            });
            final int session;
            try (ForeignPeer victim = new ForeignPeer(driver()).open();
                    ForeignPeer other = new ForeignPeer(driver())) {
                session = victim.requests.sessionId();
                other.hello(session);
                // Comes behind that.
                other.open();
                assertEquals(2, listener.counters().accepted());
                victim.say(0, ForeignPeer.bytes(7));
                Await.until(() -> all.get(0).heard.contains("message of 7"));
                other.say(0, ForeignPeer.bytes(8));
                Await.until(() -> all.get(1).heard.contains("message of 8"));
                assertEquals(2, listener.counters().accepted());
            }
            all.get(0).awaitClose();
            // Its number is free when it has gone.
            try (ForeignPeer again = new ForeignPeer(driver(), 64 * 1024, session).open()) {
                again.say(0, ForeignPeer.bytes(9));
                Await.until(() -> all.get(2).heard.contains("message of 9"));
            }
        }
    }

    /** As pieces of a message that never ends: what is kept of it has a bound, though the term has room for more. */
    @Test
    void shouldEndTheConnectionOfAPeerThatSendsPiecesWithoutAnEnd() throws Exception {
        for (final int kind : new int[] {0, ForeignPeer.BATCH}) {
            final Hearing hearing = new Hearing();
            try (Transport transport = transport()) {
                transport.listen(IPC, () -> hearing);
                try (ForeignPeer peer = new ForeignPeer(driver(), 64 * 1024 * 1024).open()) {
                    final BufferClaim claim = new BufferClaim();
                    // As many as fill a term to the last byte, for a message does not go on in the next.
                    for (int i = 0; i < 64 * 1024 && !hearing.closed.isDone(); i++) {
                        final byte flags = i == 0 ? FrameDescriptor.BEGIN_FRAG_FLAG : 0;
                        Await.until(() -> peer.requests.tryClaim(992, claim) > 0 || hearing.closed.isDone());
                        if (!hearing.closed.isDone()) {
                            claim.flags(flags)
                                    .reservedValue(ForeignPeer.reserved(kind))
                                    .commit();
                        }
                    }
                    assertEquals(
                            CloseReason.MESSAGE_TOO_LONG, hearing.awaitClose().reason());
                }
            }
        }
    }

    /** A listener that is none of ours. */
    private final class ForeignListener implements AutoCloseable {
        private final Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(driver().toString()));
        private final Subscription knocks = aeron.addSubscription("aeron:ipc", ForeignPeer.STREAM);

        void answer(final int kind, final ByteBuffer what) {
            final int[] session = new int[1];
            Await.until(() ->
                    knocks.poll((buffer, offset, length, header) -> session[0] = buffer.getInt(offset + 4), 1) > 0);
            final Subscription requests =
                    aeron.addSubscription("aeron:ipc?session-id=" + session[0], ForeignPeer.STREAM + 1);
            Await.until(() -> requests.imageCount() > 0);
            final Image image = requests.imageAtIndex(0);
            final ExclusivePublication responses = aeron.addExclusivePublication(
                    "aeron:ipc?term-length=64k|control-mode=response|response-correlation-id=" + image.correlationId(),
                    ForeignPeer.STREAM + 2);
            ForeignPeer.say(responses, kind, what);
        }

        @Override
        public void close() {
            aeron.close();
        }
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(ForeignPeer.REFUSED, ForeignPeer.bytes(0), "refused"),
                Arguments.of(ForeignPeer.REFUSED, ForeignPeer.bytes(4).putInt(0, -1), "refused"),
                Arguments.of(ForeignPeer.REFUSED, ForeignPeer.bytes(8).putInt(0, Integer.MAX_VALUE), "refused"),
                Arguments.of(
                        ForeignPeer.REFUSED,
                        ForeignPeer.bytes(8).putInt(0, 4).put(4, new byte[] {'n', '\n', 'o', '!'}),
                        "n o!"),
                Arguments.of(ForeignPeer.WELCOME, ForeignPeer.bytes(3), "speaks otherwise"),
                Arguments.of(ForeignPeer.WELCOME, ForeignPeer.bytes(4).putInt(0, 9), "version=9 want=1"),
                Arguments.of(0, ForeignPeer.bytes(0), "speaks otherwise"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void shouldSayWhatIsWrongWithTheAnswerOfAListener(final int kind, final ByteBuffer content, final String named)
            throws Exception {
        try (Transport transport = transport()) {
            // Holds the driver.
            transport.listen(URI.create("aeron:ipc?stream-id=1"), Hearing::new);
            try (ForeignListener listener = new ForeignListener()) {
                final CompletableFuture<Connection> connecting = transport.connect(IPC, new Hearing());
                listener.answer(kind, content);
                final String text = assertThrows(
                                ExecutionException.class, () -> connecting.get(Peers.DEADLINE_S, TimeUnit.SECONDS))
                        .getCause()
                        .getMessage();
                assertTrue(text.contains(named) && text.contains("uri=aeron:ipc"), text);
                assertFalse(text.contains("\n"), text);
            }
        }
    }
}
