package io.transfuse.host.node;

/**
 * A hash map from numbers to objects that allocates only when it grows: open addressing with linear probing. Not
 * thread-safe; 0 is no key.
 */
public final class LongMap<V> {
    private static final int LEAST_CAPACITY = 16;

    private long[] keys = new long[LEAST_CAPACITY];
    private Object[] values = new Object[LEAST_CAPACITY];
    private int size;

    public int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    public V get(final long key) {
        return (V) values[slotOf(key)];
    }

    /** Puts a value in place of the one there was. */
    public void put(final long key, final V value) {
        final int slot = slotOf(key);
        if (values[slot] == null) {
            size++;
        }
        keys[slot] = key;
        values[slot] = value;
        if (size * 2 > keys.length) {
            resize(keys.length * 2);
        }
    }

    /** Removes a value and returns it, or null. */
    @SuppressWarnings("unchecked")
    public V remove(final long key) {
        int hole = slotOf(key);
        final V removed = (V) values[hole];
        if (removed == null) {
            return null;
        }
        size--;
        // Moves up what was pushed behind the hole by collisions, so that probing still finds it.
        int slot = hole;
        while (true) {
            slot = slot + 1 & keys.length - 1;
            if (values[slot] == null) {
                break;
            }
            final int home = home(keys[slot]);
            final boolean betweenHoleAndSlot = hole <= slot ? hole < home && home <= slot : hole < home || home <= slot;
            if (!betweenHoleAndSlot) {
                keys[hole] = keys[slot];
                values[hole] = values[slot];
                hole = slot;
            }
        }
        keys[hole] = 0;
        values[hole] = null;
        return removed;
    }

    /** Hands every value to {@code action}, which must not change the map. */
    @SuppressWarnings("unchecked")
    public void forEach(final java.util.function.Consumer<V> action) {
        for (final Object value : values) {
            if (value != null) {
                action.accept((V) value);
            }
        }
    }

    /** Where the key is or would be. */
    private int slotOf(final long key) {
        int slot = home(key);
        while (values[slot] != null && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private int home(final long key) {
        final long mixed = key * 0x9e3779b97f4a7c15L;
        return (int) (mixed >>> 32) & keys.length - 1;
    }

    private void resize(final int capacity) {
        final long[] oldKeys = keys;
        final Object[] oldValues = values;
        keys = new long[capacity];
        values = new Object[capacity];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                final int slot = slotOf(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
