package io.millrace.tests.structure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NoLocksTest {
    static List<LibraryModule> modules() {
        return LibraryModule.all();
    }

    @ParameterizedTest
    @MethodSource("modules")
    void shouldFindNoLockInLibrary(final LibraryModule module) throws IOException {
        assertFalse(module.classFiles().isEmpty(), () -> "nothing to scan in " + module);

        final List<String> findings = new ArrayList<>();
        for (final String classFile : module.classFiles()) {
            findings.addAll(LockScanner.scan(module.read(classFile)));
        }
        assertTrue(findings.isEmpty(), () -> module.name() + " must not lock:\n  " + String.join("\n  ", findings));
    }

    /** Aeron's client wants a lock, and is given Agrona's that locks nothing: it runs on one thread. */
    @Test
    void shouldFindNoLockBesideTheOneThatIsNoneInAeronsModule() throws IOException {
        final LibraryModule module = LibraryModule.aeron();
        assertFalse(module.classFiles().isEmpty(), () -> "nothing to scan in " + module);
        final List<String> findings = new ArrayList<>();
        for (final String classFile : module.classFiles()) {
            findings.addAll(LockScanner.scan(module.read(classFile)));
        }
        findings.removeIf(text -> text.startsWith("io.millrace.transport.aeron.AeronClient.<init>")
                && text.endsWith("names java.util.concurrent.locks.Lock"));
        assertEquals(List.of(), findings);
    }

    static Stream<Arguments> forbidden() {
        return Stream.of(
                Arguments.of(Locking.Monitor.class, "enters a monitor"),
                Arguments.of(Locking.SynchronizedMethod.class, "is synchronized"),
                Arguments.of(Locking.LockField.class, "names java.util.concurrent.locks.ReentrantLock"),
                Arguments.of(Locking.LockReference.class, "names java.util.concurrent.locks.Lock"),
                Arguments.of(Locking.Synchronizer.class, "names java.util.concurrent.locks.AbstractQueuedSynchronizer"),
                Arguments.of(Locking.Queue.class, "names java.util.concurrent.ArrayBlockingQueue"),
                Arguments.of(Locking.Transfer.class, "names java.util.concurrent.LinkedTransferQueue"),
                Arguments.of(Locking.Handoff.class, "names java.util.concurrent.SynchronousQueue"),
                Arguments.of(Locking.Map.class, "names java.util.concurrent.ConcurrentHashMap"),
                Arguments.of(Locking.NestedMap.class, "names java.util.concurrent.ConcurrentHashMap$KeySetView"),
                Arguments.of(Locking.Latch.class, "names java.util.concurrent.CountDownLatch"),
                Arguments.of(Locking.Permits.class, "names java.util.concurrent.Semaphore"),
                Arguments.of(Locking.Barrier.class, "names java.util.concurrent.CyclicBarrier"),
                Arguments.of(Locking.Exchange.class, "names java.util.concurrent.Exchanger"),
                Arguments.of(Locking.Phases.class, "names java.util.concurrent.Phaser"),
                Arguments.of(Locking.Table.class, "names java.util.Hashtable"),
                Arguments.of(Locking.Elements.class, "names java.util.Vector"),
                Arguments.of(Locking.Pile.class, "names java.util.Stack"),
                Arguments.of(Locking.Buffer.class, "names java.lang.StringBuffer"),
                Arguments.of(Locking.Wrapper.class, "calls java.util.Collections.synchronizedList"),
                Arguments.of(Locking.Wait.class, "calls java.lang.Object.wait"),
                Arguments.of(Locking.Notify.class, "calls java.lang.Object.notifyAll"),
                Arguments.of(Locking.Sleep.class, "calls java.lang.Thread.sleep"),
                Arguments.of(Locking.Park.class, "calls java.util.concurrent.locks.LockSupport.park"));
    }

    @ParameterizedTest
    @MethodSource("forbidden")
    void shouldReportEachForbiddenKind(final Class<?> fixture, final String finding) throws IOException {
        final List<String> findings = LockScanner.scan(bytes(fixture));

        assertTrue(
                findings.stream().anyMatch(text -> text.startsWith(fixture.getName()) && text.endsWith(" " + finding)),
                () -> finding + " not in " + findings);
    }

    @Test
    void shouldAllowToUnpark() throws IOException {
        assertEquals(List.of(), LockScanner.scan(bytes(Locking.Unpark.class)));
    }

    private static byte[] bytes(final Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }
}
