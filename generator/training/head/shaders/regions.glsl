// Where things lie on the face, in rest coordinates Q; both sides alike, so most take |x|.
float ahead(float z) { return smoothstep(z - 0.6, z + 0.6, Q.z); }

float lip_area() {
    float ax = abs(Q.x);
    float upper = -2.12 - 0.16 * exp(-ax * ax * 9.0) - 0.10 * ax - 0.09 * ax * ax;
    float lower = -4.42 + 0.10 * ax * ax + 0.02 * ax * ax * ax;
    return smoothstep(-0.12, 0.12, upper - Q.y) * smoothstep(-0.12, 0.16, Q.y - lower) * smoothstep(2.95, 2.55, ax) * ahead(8.6);
}

float inner_mouth() {
    float ax = abs(Q.x);
    return smoothstep(0.1, 0.9, (11.25 - 0.16 * ax * ax) - Q.z) * step(ax, 3.0) * step(-5.2, Q.y) * step(Q.y, -2.3);
}

float nose_area() { return bump(Q.x, 1.5) * bump(Q.y - 0.1, 1.3) * ahead(9.0); }
float cheek_area() { return bump(abs(Q.x) - 4.7, 2.0) * bump(Q.y - 0.1, 1.8) * ahead(3.0); }
float ear_area() { return smoothstep(7.5, 8.1, abs(Q.x)) * smoothstep(-2.4, -1.4, Q.y) * smoothstep(6.4, 5.4, Q.y) * step(Q.y, 7.0); }
float socket_area() { return bump(abs(Q.x) - 3.15, 2.1) * bump(Q.y - 3.4, 1.5) * ahead(6.0); }
float upper_lid() { return bump(abs(Q.x) - 3.2, 1.7) * bump(Q.y - 4.35, 0.62) * ahead(6.5); }
// Distance from the rim of the eye opening, about 0 on it, in its own heights.
float lid_rim() { return length(vec2((abs(Q.x) - 3.15) / 1.60, (Q.y - 3.42 - 0.10 * (abs(Q.x) - 3.15)) / 0.66)) - 1.0; }
