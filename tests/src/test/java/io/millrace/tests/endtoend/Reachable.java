package io.millrace.tests.endtoend;

import io.millrace.transport.ConnectionHandler;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;

/** What memory of buffers an object of ours keeps alive: through our own objects, as far as they belong to it alone. */
final class Reachable {
    private static final String OURS = "io.millrace.";

    /** Belong to the transport, or stand for the operating system. */
    private static final Set<String> SHARED =
            Set.of("BufferPool", "ConnectionSet", "Launcher", "TransportCounters", "AcceptorAgent", "MemoryStream");

    private final IdentityHashMap<Object, Boolean> seen = new IdentityHashMap<>();
    private final Deque<Object> toSee = new ArrayDeque<>();

    private Reachable() {}

    /** Bytes of all buffers, of which several may share some. */
    static long bufferBytes(final Object root) throws IllegalAccessException {
        final Reachable reachable = new Reachable();
        reachable.see(root);
        long bytes = 0;
        while (!reachable.toSee.isEmpty()) {
            bytes += reachable.look(reachable.toSee.pop());
        }
        return bytes;
    }

    private void see(final Object object) {
        if (object != null && seen.put(object, true) == null) {
            toSee.push(object);
        }
    }

    private long look(final Object object) throws IllegalAccessException {
        final Class<?> type = object.getClass();
        if (object instanceof ByteBuffer buffer) {
            return buffer.capacity();
        }
        if (object instanceof byte[] bytes) {
            return bytes.length;
        }
        if (type.isArray() && !type.getComponentType().isPrimitive()) {
            for (int i = 0; i < Array.getLength(object); i++) {
                see(Array.get(object, i));
            }
        } else if (type.getName().startsWith(OURS)
                && !SHARED.contains(type.getSimpleName())
                && !(object instanceof ConnectionHandler)) {
            for (Class<?> of = type; of.getName().startsWith(OURS); of = of.getSuperclass()) {
                lookAtFields(object, of);
            }
        }
        return 0;
    }

    private void lookAtFields(final Object object, final Class<?> type) throws IllegalAccessException {
        for (final Field field : type.getDeclaredFields()) {
            if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
                field.setAccessible(true);
                see(field.get(object));
            }
        }
    }
}
