#version 330
in vec3 P, N, Q;
in vec2 UV, O;
out vec4 colour;
uniform vec3 iris, iris_inner;
uniform vec3 left_centre, right_centre; // of the eyeballs where they are now
uniform mat3 left_gaze, right_gaze;                                // into the eye's own axes
uniform mat3 head_back;                                            // from the turned head to the rest
uniform float pupil, limbal, veins, yellowed, who;
uniform vec3 left_upper, left_lower, right_upper, right_lower; // lid heights over the eye's centre: 1, x, x²
#include "noise.glsl"
#include "light.glsl"

const float IRIS_RADIUS = 0.60, IRIS_DEPTH = 1.47;

vec3 iris_colour(float r, float angle) {
    float t = r / IRIS_RADIUS;
    float fibre = noise(vec3(cos(angle) * 9.0, sin(angle) * 9.0, t * 1.2 + who)) * 0.6 + noise(vec3(cos(angle) * 22.0, sin(angle) * 22.0, t * 2.0)) * 0.4;
    float collar = bump(t - 0.52 - 0.06 * wave(vec3(cos(angle) * 3.0, sin(angle) * 3.0, who)), 0.14);
    vec3 c = mix(iris_inner, iris, smoothstep(0.40, 0.66, t + 0.15 * (fibre - 0.5)));
    c *= 0.30 + 0.90 * fibre + 0.30 * collar;
    c *= 1.0 - limbal * smoothstep(0.74, 0.98, t);
    return mix(vec3(0.004), c, smoothstep(pupil - 0.03, pupil + 0.03, r));
}

vec3 white_colour(vec3 d, float r) {
    float far = smoothstep(0.6, 1.35, r);
    vec3 c = mix(vec3(0.66, 0.63, 0.61), vec3(0.62, 0.44, 0.39), far * 0.75) * mix(vec3(1.0), vec3(1.0, 0.95, 0.80), yellowed);
    float angle = atan(d.y, d.x);
    float vein = smoothstep(0.13, 0.0, abs(wave(vec3(d.xy * 3.4, who)) + 0.35 * wave(vec3(d.xy * 9.0, who)))) * far;
    return mix(c, vec3(0.55, 0.14, 0.11), vein * veins * 0.55);
}

void main() {
    bool left = Q.x > 0.0;
    vec3 centre = left ? left_centre : right_centre;
    mat3 gaze = left ? left_gaze : right_gaze;
    vec3 view = to_eye(P), n = normalize(N);
    vec3 local = gaze * (P - centre), local_view = gaze * view, local_n = gaze * n;

    // The iris lies behind the cornea: follow the bent ray down to it.
    float r = length(local.xy);
    float cornea = smoothstep(0.80, 0.60, r) * step(0.0, local.z);
    vec3 bulge = normalize(mix(local_n, vec3(local.xy * 0.75, 1.0), cornea));
    vec3 ray = refract(-local_view, bulge, 1.0 / 1.336);
    vec3 hit = local + ray * max((local.z - IRIS_DEPTH) / max(-ray.z, 0.2), 0.0);
    float at = length(hit.xy);
    float edge = smoothstep(IRIS_RADIUS - 0.02, IRIS_RADIUS + 0.05, mix(r, at, 0.6));
    vec3 albedo = mix(iris_colour(min(at, IRIS_RADIUS), atan(hit.y, hit.x)), white_colour(local, r), edge);

    // The lids shade the ball: darker towards the upper one and into the corners.
    vec3 head = head_back * (P - centre);
    vec3 powers = vec3(1.0, head.x, head.x * head.x);
    float above = dot(left ? left_upper : right_upper, powers) - head.y, below = head.y - dot(left ? left_lower : right_lower, powers);
    float open = (0.30 + 0.70 * smoothstep(-0.05, 0.75, above)) * (0.62 + 0.38 * smoothstep(-0.08, 0.22, below));
    open *= 1.0 - 0.45 * smoothstep(0.75, 1.45, abs(head.x)) ;
    float shadow = mix(0.45, 1.0, key_reaches(P, n, 3.0)) * open;
    vec3 soft = normalize(gaze * mix(n, view, 0.35));
    vec3 world_soft = normalize(mix(n, view, 0.35));
    vec3 c = matt(albedo, world_soft, shadow, open) * 0.86;
    // light gathered by the cornea on the far side of the iris
    vec3 key_local = gaze * key_direction;
    c += albedo * (1.0 - edge) * key_colour * clamp(0.35 - dot(normalize(hit.xy + 1e-4), key_local.xy) * 0.75, 0.0, 1.0) * smoothstep(pupil, 0.5, at) * open * 0.35;

    // A window of light on the cornea, smaller ones for fill and wet white.
    vec3 shell = normalize(mix(n, transpose(gaze) * bulge, cornea));
    vec3 mirrored = reflect(-view, shell);
    vec3 up = normalize(cross(key_direction, vec3(0.2, 0.9, 0.1))), side = cross(up, key_direction);
    vec3 catch_light = normalize(key_direction + vec3(0.0, 0.18, 0.25));
    vec2 window = vec2(dot(mirrored, normalize(side)), dot(mirrored, up)) - vec2(dot(catch_light, normalize(side)), dot(catch_light, up));
    float spark = smoothstep(0.26, 0.17, max(abs(window.x), abs(window.y))) * step(0.0, dot(mirrored, catch_light));
    float second = pow(max(dot(mirrored, fill_direction), 0.0), 40.0);
    float clear = smoothstep(0.0, 0.25, above);
    c += key_colour * spark * 0.85 * clear * (0.35 + 0.65 * cornea) + fill_colour * second * 0.35 * clear;
    c += sky_colour * (0.03 + 0.35 * pow(1.0 - max(dot(shell, view), 0.0), 4.0)) * smoothstep(0.0, 0.5, above) * 0.5;
    // the wet line along the lower lid
    float meniscus = bump(below - 0.05, 0.055) * smoothstep(1.5, 1.1, abs(head.x));
    c += (sky_colour * 0.25 + key_colour * 0.30 * pow(max(dot(normalize(n + vec3(0.0, 0.7, 0.2)), normalize(key_direction + view)), 0.0), 14.0)) * meniscus;
    colour = vec4(to_screen(c), 1.0);
}
