package io.transfuse.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** One row of the micro benchmark's results: a workload with a number of callers. */
record Case(Workload workload, int callers) implements Row {
    @Override
    public String title() {
        return workload.title();
    }

    @Override
    public String variant() {
        return String.valueOf(callers);
    }

    @Override
    public String unit() {
        return workload.unit();
    }

    @Override
    public double inUnit(final double nanoseconds) {
        return workload.inUnit(nanoseconds);
    }

    @Override
    public Map<String, Object> fields() {
        final Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("workload", workload.id());
        fields.put("callers", callers);
        fields.put("unit", unit());
        return fields;
    }

    @Override
    public String toString() {
        return workload.id() + "/" + callers;
    }
}
