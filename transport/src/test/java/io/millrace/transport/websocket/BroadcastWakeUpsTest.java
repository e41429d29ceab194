package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which subscribers of a broadcast are woken, and on whose thread. */
class BroadcastWakeUpsTest {
    /** As many as the publisher wakes by itself. */
    private static final int FEW = 16;

    private static final long DEADLINE_S = 30;

    private final WebSocketBroadcast broadcast = new WebSocketBroadcast(4_096, 100);

    /** The threads that woke a subscriber, one each time. */
    private final BlockingQueue<Thread> wakers = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        broadcast.close();
    }

    private EndRig subscriber() {
        final EndRig subscribed = EndRig.open(true, new WebSocketContext());
        subscribed.link.onWake = () -> wakers.add(Thread.currentThread());
        broadcast.subscribe(subscribed.webSocket());
        return subscribed;
    }

    private void subscribe(final int count) {
        for (int i = 0; i < count; i++) {
            subscriber();
        }
    }

    private void publish() {
        assertTrue(broadcast.offerBinary(ByteBuffer.allocate(1), 0, 1) > 0);
    }

    private void assertAllWokenByThePublisher(final int count) {
        assertEquals(Collections.nCopies(count, Thread.currentThread()), List.copyOf(wakers));
    }

    /** Publishes to more than the publisher wakes by itself; returns the thread that woke them all. */
    private Thread publishToMany() throws InterruptedException {
        publish();
        assertFalse(wakers.contains(Thread.currentThread()), "the publisher woke by itself");
        final Thread first = wakers.poll(DEADLINE_S, TimeUnit.SECONDS);
        assertNotNull(first, "nobody was woken");
        for (int i = 1; i < broadcast.subscribers(); i++) {
            assertEquals(first, wakers.poll(DEADLINE_S, TimeUnit.SECONDS), "index=" + i);
        }
        return first;
    }

    @Test
    void shouldWakeFewOnThePublishersThread() {
        subscribe(FEW);
        publish();

        assertAllWokenByThePublisher(FEW);
    }

    @Test
    void shouldWakeManyOnADaemonThreadThatIsTheSameForAllMessages() throws InterruptedException {
        subscribe(FEW + 1);
        final Thread waker = publishToMany();

        assertNotSame(Thread.currentThread(), waker);
        assertTrue(waker.isDaemon());
        assertEquals(waker, publishToMany());
        assertTrue(wakers.isEmpty(), "woken more than once");
    }

    @Test
    void shouldWakeThemOnThePublishersThreadAgainOnceTheyAreFew() throws InterruptedException {
        subscribe(FEW);
        final EndRig oneMore = subscriber();
        publishToMany();
        broadcast.unsubscribe(oneMore.webSocket());
        publish();

        assertAllWokenByThePublisher(FEW);
    }

    @Test
    void shouldEndItsThreadWhenItIsClosed() throws InterruptedException {
        subscribe(FEW + 1);
        final Thread waker = publishToMany();
        broadcast.close();
        waker.join(TimeUnit.SECONDS.toMillis(DEADLINE_S));

        assertFalse(waker.isAlive());
    }

    @Test
    void shouldNotWakeOneThatHasReadAllMeanwhile() {
        final EndRig first = subscriber();
        final EndRig second = subscriber();
        first.link.onWake = second.end::poll;
        publish();

        assertEquals(1, second.link.lane(FrameForms.ENCODED).messages.size());
        assertEquals(0, second.link.wakes);
    }

    @Test
    void shouldWakeOneThatHasNotReadAllInItsTurn() {
        final EndRig first = subscriber();
        final EndRig second = subscriber();
        for (int i = 0; i < 100; i++) {
            publish();
        }
        first.link.onWake = second.end::poll;
        publish();

        assertTrue(second.end.needsTurn());
        assertEquals(101, second.link.wakes);
    }
}
