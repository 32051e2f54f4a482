package io.transfuse.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** One row of the workloads' results: an application on a fresh mount, or again. */
record Step(Application application, Turn turn) implements Row {
    /** How often it was run on the mount before. */
    enum Turn {
        FIRST("first"),
        REPEATED("repeated");

        private final String id;

        Turn(final String id) {
            this.id = id;
        }

        String id() {
            return id;
        }
    }

    @Override
    public String title() {
        return application.id();
    }

    @Override
    public String variant() {
        return turn.id();
    }

    @Override
    public String unit() {
        return "ms";
    }

    @Override
    public double inUnit(final double nanoseconds) {
        return nanoseconds / 1e6;
    }

    @Override
    public Map<String, Object> fields() {
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("workload", application.id());
        fields.put("run", turn.id());
        fields.put("unit", unit());
        return fields;
    }
}
