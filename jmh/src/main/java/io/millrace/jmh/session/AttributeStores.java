package io.millrace.jmh.session;

import io.millrace.session.AttributeMap;
import io.netty.util.AttributeKey;
import io.netty.util.DefaultAttributeMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Attribute maps: ours, the map behind a mutex that the original system used, and the peers. */
final class AttributeStores {
    private static final String VALUE = "value";

    private AttributeStores() {}

    static final class Millrace implements Store {
        private static final int MAX_ENTRIES = 1 << 16;

        private final AttributeMap map = new AttributeMap(MAX_ENTRIES, Long.MAX_VALUE);
        private final io.millrace.session.AttributeKey<String>[] keys;

        @SuppressWarnings({"unchecked", "rawtypes"})
        Millrace(final int count) {
            keys = new io.millrace.session.AttributeKey[count];
            for (int i = 0; i < count; i++) {
                keys[i] = io.millrace.session.AttributeKey.ofText("key-" + i);
            }
        }

        @Override
        public Object read(final int entry) {
            return map.get(keys[entry]);
        }

        @Override
        public void write(final int entry) {
            map.set(keys[entry], VALUE);
        }

        @Override
        public void remove(final int entry) {
            map.remove(keys[entry]);
        }

        @Override
        public Object root() {
            return map;
        }
    }

    static final class Netty implements Store {
        private final DefaultAttributeMap map = new DefaultAttributeMap();
        private final AttributeKey<String>[] keys;

        @SuppressWarnings({"unchecked", "rawtypes"})
        Netty(final int count) {
            keys = new AttributeKey[count];
            for (int i = 0; i < count; i++) {
                keys[i] = AttributeKey.valueOf("key-" + i);
            }
        }

        @Override
        public Object read(final int entry) {
            return map.attr(keys[entry]).get();
        }

        @Override
        public void write(final int entry) {
            map.attr(keys[entry]).set(VALUE);
        }

        @Override
        @SuppressWarnings("deprecation") // The only way to take it out of the map, which is what is measured.
        public void remove(final int entry) {
            map.attr(keys[entry]).remove();
        }

        @Override
        public Object root() {
            return map;
        }
    }

    static final class Mutex implements Store {
        private final Map<String, Object> map = new HashMap<>();
        private final String[] keys;

        Mutex(final int count) {
            keys = names(count);
        }

        @Override
        public Object read(final int entry) {
            synchronized (map) {
                return map.get(keys[entry]);
            }
        }

        @Override
        public void write(final int entry) {
            synchronized (map) {
                map.put(keys[entry], VALUE);
            }
        }

        @Override
        public void remove(final int entry) {
            synchronized (map) {
                map.remove(keys[entry]);
            }
        }

        @Override
        public Object root() {
            return map;
        }
    }

    static final class Mapped implements Store {
        private final Map<String, Object> map = new ConcurrentHashMap<>();
        private final String[] keys;

        Mapped(final int count) {
            keys = names(count);
        }

        @Override
        public Object read(final int entry) {
            return map.get(keys[entry]);
        }

        @Override
        public void write(final int entry) {
            map.put(keys[entry], VALUE);
        }

        @Override
        public void remove(final int entry) {
            map.remove(keys[entry]);
        }

        @Override
        public Object root() {
            return map;
        }
    }

    private static String[] names(final int count) {
        final String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = "key-" + i;
        }
        return names;
    }
}
