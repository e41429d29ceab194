package io.millrace.tests.aeron;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.millrace.tests.Await;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.concurrent.UnsafeBuffer;

/** A client of Aeron's that is none of ours: it knocks as ours do, and then says what it likes. Over shared memory. */
final class ForeignPeer implements AutoCloseable {
    static final int STREAM = 7001;

    static final int HELLO = 1;
    static final int WELCOME = 2;
    static final int REFUSED = 3;
    static final int STATE = 4;
    static final int BATCH = 5;

    static final int ENDED = 1;
    static final int STOPPED = 4;

    private static final long KIND = 0x4d696c6c72616300L;

    final Aeron aeron;
    final Subscription responses;
    final ExclusivePublication requests;
    final ExclusivePublication knock;

    ForeignPeer(final Path directory) {
        this(directory, 64 * 1024);
    }

    ForeignPeer(final Path directory, final int termLength) {
        this(directory, termLength, ThreadLocalRandom.current().nextInt());
    }

    ForeignPeer(final Path directory, final int termLength, final int sessionId) {
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(directory.toString()));
        responses = aeron.addSubscription("aeron:ipc?control-mode=response", STREAM + 2);
        requests = aeron.addExclusivePublication(
                "aeron:ipc?term-length=" + termLength + "|session-id=" + sessionId + "|response-correlation-id="
                        + responses.registrationId(),
                STREAM + 1);
        knock = aeron.addExclusivePublication("aeron:ipc?term-length=64k", STREAM);
    }

    /** What is said to others is in the order of the machine's bytes. */
    static ByteBuffer bytes(final int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
    }

    static ByteBuffer state(final int flags, final long taken) {
        return bytes(16).putLong(0, flags).putLong(8, taken);
    }

    /** Of a message's header: 0 for a plain one. */
    static long reserved(final int kind) {
        return kind == 0 ? 0 : KIND | kind;
    }

    static void say(final ExclusivePublication to, final int kind, final ByteBuffer what) {
        final UnsafeBuffer buffer = new UnsafeBuffer(what);
        Await.until(() -> to.offer(buffer, 0, what.capacity(), (term, offset, length) -> reserved(kind)) > 0);
    }

    void say(final int kind, final ByteBuffer what) {
        say(requests, kind, what);
    }

    void hello(final int sessionId) {
        say(knock, HELLO, bytes(8).putInt(0, 1).putInt(4, sessionId));
    }

    /** Until the listener's welcome has come. */
    ForeignPeer open() {
        hello(requests.sessionId());
        Await.until(() -> responses.poll((buffer, offset, length, header) -> {}, 1) > 0);
        return this;
    }

    @Override
    public void close() {
        aeron.close();
    }
}
