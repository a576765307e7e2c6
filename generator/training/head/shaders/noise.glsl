// Value noise in rest coordinates (cm).
float hash(vec3 p) {
    p = fract(p * vec3(0.1031, 0.1030, 0.0973));
    p += dot(p, p.yxz + 33.33);
    return fract((p.x + p.y) * p.z);
}

float noise(vec3 x) {
    vec3 i = floor(x), f = fract(x);
    f = f * f * (3.0 - 2.0 * f);
    vec4 near = vec4(hash(i), hash(i + vec3(1, 0, 0)), hash(i + vec3(0, 1, 0)), hash(i + vec3(1, 1, 0)));
    vec4 far = vec4(hash(i + vec3(0, 0, 1)), hash(i + vec3(1, 0, 1)), hash(i + vec3(0, 1, 1)), hash(i + vec3(1, 1, 1)));
    vec4 between = mix(near, far, f.z);
    return mix(mix(between.x, between.y, f.x), mix(between.z, between.w, f.x), f.y);
}

// -1..1 around zero.
float wave(vec3 x) { return 2.0 * noise(x) - 1.0; }

// Distance to the nearest of scattered points, about one a unit cube, and that point's own number in y.
vec2 cells(vec3 x) {
    vec3 i = floor(x - 0.5); // the eight cells around: exact within half a cell, which is all that is drawn
    vec2 best = vec2(9.0, 0.0);
    for (int a = 0; a <= 1; a++) for (int b = 0; b <= 1; b++) for (int c = 0; c <= 1; c++) {
        vec3 cell = i + vec3(a, b, c);
        float number = hash(cell + 7.0);
        vec3 point = cell + vec3(number, hash(cell + 17.0), hash(cell + 29.0));
        float d = distance(point, x);
        if (d < best.x) best = vec2(d, hash(cell + 41.0));
    }
    return best;
}

float bump(float offset, float width) { return exp(-offset * offset / (width * width)); }
