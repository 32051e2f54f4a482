package io.transfuse.bench;

/** One row of the results: a workload with a number of callers. */
record Case(Workload workload, int callers) {
    @Override
    public String toString() {
        return workload.id() + "/" + callers;
    }
}
