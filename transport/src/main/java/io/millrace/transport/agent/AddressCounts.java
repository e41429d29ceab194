package io.millrace.transport.agent;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * How many connections each address has. An IPv6 address counts by its first 64 bits, for whoever has one has all that
 * share them (RFC 4291 section 2.5.1, RFC 6177); an address that is not of IP does not count. Any thread; lock-free: the
 * map is the JDK's skip list, which works by compare-and-set, and its values are immutable numbers.
 */
final class AddressCounts {
    private record Key(boolean v6, long bits) implements Comparable<Key> {
        @Override
        public int compareTo(final Key other) {
            return v6 == other.v6 ? Long.compare(bits, other.bits) : Boolean.compare(v6, other.v6);
        }
    }

    private final ConcurrentSkipListMap<Key, Integer> counts = new ConcurrentSkipListMap<>();

    /** Counts one more, unless that would be over the maximum. */
    boolean tryAdd(final SocketAddress peer, final int maximum) {
        final Key key = key(peer);
        while (key != null) {
            final Integer count = counts.get(key);
            if (count != null && count >= maximum) {
                return false;
            }
            if (count == null ? counts.putIfAbsent(key, 1) == null : counts.replace(key, count, count + 1)) {
                return true;
            }
        }
        return true;
    }

    /** Counts one less, after a {@link #tryAdd} that succeeded. */
    void remove(final SocketAddress peer) {
        final Key key = key(peer);
        while (key != null) {
            final int count = counts.get(key);
            if (count == 1 ? counts.remove(key, 1) : counts.replace(key, count, count - 1)) {
                return;
            }
        }
    }

    /** How many addresses have connections. */
    int size() {
        return counts.size();
    }

    private static Key key(final SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress inet) || inet.isUnresolved()) {
            return null;
        }
        final InetAddress address = inet.getAddress();
        final ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == Long.BYTES * 2 ? new Key(true, bytes.getLong()) : new Key(false, bytes.getInt());
    }
}
